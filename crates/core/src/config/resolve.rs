use super::{
    keys::{self, ClientSecretGroup},
    ClientSecretSpec, CredentialSpec, NetworkSettings, ServicePrincipal, Settings,
};
use crate::{
    host::{Environment, LogLevel},
    types::{Authority, ClientId, Cloud, Error, Secret, TenantId},
};

/// What settings are made of.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The snapshot of the environment variables named in [`keys::ALL`].
    pub environment: &'a Environment,
}

/// Decides on the cloud, the one credential and the network.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the settings that are missing or malformed.
pub fn resolve(inputs: &Inputs<'_>) -> Result<Settings, Error> {
    Ok(Settings {
        cloud: cloud(inputs.environment)?,
        credential: CredentialSpec::ClientSecret(client_secret(inputs.environment)?),
        additionally_allowed_tenants: Vec::new(),
        regional_authority: None,
        network: NetworkSettings::from_environment(inputs.environment)?,
        log_level: log_level(inputs.environment)?,
        timeout: None,
    })
}

fn log_level(environment: &Environment) -> Result<Option<LogLevel>, Error> {
    let Some(name) = environment.var(keys::AZURE_CLIENT_TOKEN_LOG) else { return Ok(None) };
    let message = || format!("{} must be error, warn, info or debug", keys::AZURE_CLIENT_TOKEN_LOG);
    let level = LogLevel::parse(name).ok_or_else(|| Error::configuration(message(), [keys::AZURE_CLIENT_TOKEN_LOG]))?;
    Ok(Some(level))
}

fn cloud(environment: &Environment) -> Result<Cloud, Error> {
    let public = Cloud::public();
    let Some(host) = environment.var(keys::AZURE_AUTHORITY_HOST) else {
        return Ok(public);
    };
    Ok(Cloud { authority: Authority::parse(host, keys::AZURE_AUTHORITY_HOST)?, ..public })
}

/// The first group of which anything is set decides: half a group is a mistake to be told, not a reason to ask for
/// another identity's token.
fn client_secret(environment: &Environment) -> Result<ClientSecretSpec, Error> {
    let groups = [keys::ARM_CLIENT_SECRET, keys::AZURE_CLIENT_SECRET];
    let chosen = groups.iter().find(|group| environment.var(group.client_secret).is_some());
    match chosen.or_else(|| groups.iter().find(|group| group.is_begun(environment))) {
        Some(group) => group.read(environment),
        None => Err(nothing_configured(&groups)),
    }
}

impl ClientSecretGroup {
    fn names(&self) -> [&'static str; 3] {
        [self.tenant_id, self.client_id, self.client_secret]
    }

    fn is_begun(&self, environment: &Environment) -> bool {
        self.names().iter().any(|name| environment.var(name).is_some())
    }

    fn read(&self, environment: &Environment) -> Result<ClientSecretSpec, Error> {
        let missing: Vec<_> = self.names().into_iter().filter(|name| environment.var(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(half_configured(self, missing));
        }
        let value = |name| environment.var(name).unwrap_or_default();
        Ok(ClientSecretSpec {
            principal: ServicePrincipal {
                tenant: TenantId::parse(value(self.tenant_id), self.tenant_id)?,
                client_id: ClientId::parse(value(self.client_id), self.client_id)?,
            },
            client_secret: Secret::new(value(self.client_secret)),
            setting: self.client_secret.to_owned(),
        })
    }
}

fn half_configured(group: &ClientSecretGroup, missing: Vec<&'static str>) -> Error {
    let message = format!(
        "{} must be set to authenticate with a client secret: {} belong together",
        missing.join(" and "),
        group.names().join(", ")
    );
    Error::configuration(message, missing)
}

fn nothing_configured(groups: &[ClientSecretGroup]) -> Error {
    let listed: Vec<_> = groups.iter().map(|group| group.names().join(", ")).collect();
    let message = format!("no credential is configured: set {}", listed.join(", or "));
    Error::configuration(message, groups.iter().flat_map(ClientSecretGroup::names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ErrorKind;

    fn resolved(environment: &Environment) -> Result<Settings, Error> {
        resolve(&Inputs { environment })
    }

    fn spec(environment: &Environment) -> ClientSecretSpec {
        match resolved(environment).unwrap().credential {
            CredentialSpec::ClientSecret(spec) => spec,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_arm_group_comes_first() {
        let spec = spec(&Environment::from([
            ("ARM_TENANT_ID", "arm-tenant"),
            ("ARM_CLIENT_ID", "arm-client"),
            ("ARM_CLIENT_SECRET", "arm-secret"),
            ("AZURE_TENANT_ID", "azure-tenant"),
            ("AZURE_CLIENT_ID", "azure-client"),
            ("AZURE_CLIENT_SECRET", "azure-secret"),
        ]));
        assert_eq!(spec.principal.tenant.as_str(), "arm-tenant");
        assert_eq!(spec.principal.client_id.as_str(), "arm-client");
        assert_eq!(spec.client_secret.expose(), "arm-secret");
        assert_eq!(spec.setting, "ARM_CLIENT_SECRET");
    }

    #[test]
    fn the_group_that_has_a_secret_beats_one_that_has_none() {
        let spec = spec(&Environment::from([
            ("ARM_TENANT_ID", "arm-tenant"),
            ("AZURE_TENANT_ID", "azure-tenant"),
            ("AZURE_CLIENT_ID", "azure-client"),
            ("AZURE_CLIENT_SECRET", "azure-secret"),
        ]));
        assert_eq!(spec.principal.tenant.as_str(), "azure-tenant");
    }

    #[test]
    fn groups_are_never_mixed() {
        let error = resolved(&Environment::from([
            ("ARM_CLIENT_SECRET", "marker-secret"),
            ("AZURE_TENANT_ID", "azure-tenant"),
            ("AZURE_CLIENT_ID", "azure-client"),
        ]))
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.settings(), ["ARM_TENANT_ID", "ARM_CLIENT_ID"]);
        assert!(!format!("{error} {error:?}").contains("marker-secret"));
    }

    #[test]
    fn nothing_at_all_names_every_key() {
        let error = resolved(&Environment::default()).unwrap_err();
        assert_eq!(error.settings().len(), 6);
        for name in error.settings() {
            assert!(error.message().contains(name.as_str()), "{error}");
        }
    }

    #[test]
    fn the_authority_is_the_public_one_unless_named() {
        let group = [("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("ARM_CLIENT_SECRET", "s")];
        let settings = resolved(&Environment::from(group)).unwrap();
        assert_eq!(settings.cloud.authority.host(), "login.microsoftonline.com");
        let [tenant, client, secret] = group;
        let named = Environment::from([tenant, client, secret, ("AZURE_AUTHORITY_HOST", "https://localhost:8443")]);
        let settings = resolved(&named).unwrap();
        assert_eq!(settings.cloud.authority.host(), "localhost:8443");
        assert_eq!(settings.cloud.default_endpoint(), "https://management.azure.com/");
    }

    #[test]
    fn debug_of_settings_has_no_secret() {
        let settings = resolved(&Environment::from([
            ("ARM_TENANT_ID", "t"),
            ("ARM_CLIENT_ID", "c"),
            ("ARM_CLIENT_SECRET", "marker-secret"),
        ]));
        assert!(!format!("{:?}", settings.unwrap()).contains("marker-secret"));
    }
}
