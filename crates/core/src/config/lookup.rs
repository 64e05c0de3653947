use super::{
    keys::{Setting, PACKAGE},
    ConfigSource, PulumiConfig, SeenSetting, Supplier,
};
use crate::{
    host::Environment,
    types::{ClientId, Error, Secret, TenantId},
};
use std::cell::RefCell;

/// Finds settings as Pulumi's provider does: the configuration's key if it is *present*, else the variable. So a key
/// that is present and empty hides the variable.
///
/// Each look-up is recorded. `explain()` reads the record, so that no second list of the settings has to be maintained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup<'a> {
    pub(crate) environment: &'a Environment,
    pulumi: Option<&'a PulumiConfig>,
    record: &'a Record,
}

/// The settings that were found, in the order of the look-ups.
#[derive(Debug, Default)]
pub(crate) struct Record(RefCell<Vec<SeenSetting>>);

impl Record {
    fn note(&self, seen: &SeenSetting) {
        let mut noted = self.0.borrow_mut();
        if !noted.contains(seen) {
            noted.push(seen.clone());
        }
    }
}

/// The value of a setting, and the name under which it was found.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) value: &'a str,
    pub(crate) seen: SeenSetting,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(environment: &'a Environment, pulumi: Option<&'a PulumiConfig>, record: &'a Record) -> Self {
        Self { environment, pulumi, record }
    }

    /// Runs `work` and returns what it found; an outer record does not include that.
    pub(crate) fn recording<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<SeenSetting>) {
        let around = self.record.0.take();
        let made = work();
        (made, self.record.0.replace(around))
    }

    /// Returns the setting, unless it is absent or empty.
    pub(crate) fn find(&self, setting: &Setting) -> Option<Found<'a>> {
        self.find_among(setting, setting.variables)
    }

    /// Looks at these variables of the setting only, so that the variables of two pairs are never mixed.
    pub(crate) fn find_among(&self, setting: &Setting, variables: &[&'static str]) -> Option<Found<'a>> {
        self.found(setting, variables).inspect(|found| self.record.note(&found.seen))
    }

    /// Returns a variable, unless it is absent or empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&'a str> {
        let value = self.environment.var(name)?;
        self.record.note(&SeenSetting { name: name.to_owned(), supplied_by: Supplier::Environment });
        Some(value)
    }

    /// Returns a setting that is reported elsewhere, without recording it.
    pub(crate) fn unnoted(&self, setting: &Setting) -> Option<&'a str> {
        self.found(setting, setting.variables).map(|found| found.value)
    }

    fn found(&self, setting: &Setting, variables: &[&'static str]) -> Option<Found<'a>> {
        if let Some((key, value)) = self.configured(setting) {
            let seen = SeenSetting { name: self.config_name(key), supplied_by: Supplier::Config };
            return (!value.is_empty()).then_some(Found { value, seen });
        }
        variables.iter().find_map(|name| {
            let value = self.environment.var(name)?;
            let seen = SeenSetting { name: (*name).to_owned(), supplied_by: Supplier::Environment };
            Some(Found { value, seen })
        })
    }

    /// Returns whether the configuration has the key, even if it is empty.
    pub(crate) fn is_configured(&self, setting: &Setting) -> bool {
        self.configured(setting).is_some()
    }

    /// Returns the value, unless it is absent or empty.
    pub(crate) fn text(&self, setting: &Setting) -> Option<&'a str> {
        self.find(setting).map(|found| found.value)
    }

    /// Returns the value as a secret.
    pub(crate) fn secret(&self, setting: &Setting) -> Option<Secret> {
        self.text(setting).map(Secret::new)
    }

    /// Returns whether the value is exactly `true`; `True`, `1` and `yes` are not.
    pub(crate) fn is_true(&self, setting: &Setting) -> bool {
        self.text(setting) == Some("true")
    }

    /// Returns the value as a tenant.
    pub(crate) fn tenant(&self, setting: &Setting) -> Result<TenantId, Error> {
        let found = self.find(setting).ok_or_else(|| self.missing(&[setting]))?;
        TenantId::parse(found.value, &found.seen.name)
    }

    /// Returns the value as a client id.
    pub(crate) fn client_id(&self, setting: &Setting) -> Result<ClientId, Error> {
        let found = self.find(setting).ok_or_else(|| self.missing(&[setting]))?;
        ClientId::parse(found.value, &found.seen.name)
    }

    /// Returns those of these settings that were found.
    pub(crate) fn seen(&self, settings: &[&Setting]) -> Vec<SeenSetting> {
        settings.iter().filter_map(|setting| self.find(setting)).map(|found| found.seen).collect()
    }

    /// Returns the setting's name for messages: the one under which it is set, or would be.
    pub(crate) fn name(&self, setting: &Setting) -> String {
        self.find(setting).map_or_else(|| setting.name().to_owned(), |found| found.seen.name)
    }

    /// Returns every name under which the setting can be set here.
    pub(crate) fn names(&self, setting: &Setting) -> Vec<String> {
        let key = self.pulumi.and(setting.key).map(|key| self.config_name(key));
        key.into_iter().chain([setting.name().to_owned()]).collect()
    }

    /// Returns those of the settings that are absent or empty.
    pub(crate) fn absent<'s>(&self, settings: &[&'s Setting]) -> Vec<&'s Setting> {
        settings.iter().copied().filter(|setting| self.find(setting).is_none()).collect()
    }

    /// Returns the error that names the settings that are not set.
    pub(crate) fn missing(&self, settings: &[&Setting]) -> Error {
        let alternatives: Vec<_> = settings.iter().map(|setting| self.names(setting).join(" or ")).collect();
        let names = settings.iter().flat_map(|setting| self.names(setting));
        Error::configuration(format!("not set: {}", alternatives.join(", ")), names)
    }

    fn configured(&self, setting: &Setting) -> Option<(&'static str, &'a str)> {
        let key = setting.key?;
        Some((key, self.pulumi?.get(key)?))
    }

    fn config_name(&self, key: &str) -> String {
        match self.pulumi.map(PulumiConfig::source) {
            Some(ConfigSource::Provider) => key.to_owned(),
            _ => format!("{PACKAGE}:{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::keys, *};

    /// Every value that a key or a variable can have; `None`: it is absent.
    const VALUES: [Option<&str>; 5] = [None, Some(""), Some("a"), Some("true"), Some("True")];

    /// The provider's rule, written a second time in a different form: which source supplies the value.
    fn supplier(
        setting: &Setting,
        source: ConfigSource,
        config: Option<&str>,
        variable: Option<&str>,
    ) -> Option<Supplier> {
        let is_unset_when_empty =
            matches!(setting.key, Some("clientId" | "clientSecret" | "clientCertificatePassword"));
        match (config, variable) {
            (Some("") | None, Some("") | None) => None,
            (Some(""), Some(_)) if source == ConfigSource::Provider && is_unset_when_empty => {
                Some(Supplier::Environment)
            }
            (Some(""), Some(_)) => None,
            (Some(_), _) => Some(Supplier::Config),
            (None, Some(_)) => Some(Supplier::Environment),
        }
    }

    #[test]
    fn precedence_holds_for_every_setting_and_every_pair_of_values() {
        let settings = || keys::SETTINGS.iter().copied().filter(|setting| setting.key.is_some());
        for source in [ConfigSource::Stack, ConfigSource::Provider] {
            for setting in settings() {
                for (config, variable) in VALUES.iter().flat_map(|config| VALUES.map(|variable| (*config, variable))) {
                    assert_precedence(setting, source, config, variable);
                }
            }
        }
    }

    fn assert_precedence(setting: &Setting, source: ConfigSource, config: Option<&str>, variable: Option<&str>) {
        let present = config.map(|value| (setting.key.unwrap().to_owned(), Secret::new(value)));
        let pulumi = PulumiConfig::new(source, present);
        let environment: Environment = variable.map(|value| (setting.name(), Secret::new(value))).into_iter().collect();
        let record = Record::default();
        let lookup = Lookup::new(&environment, Some(&pulumi), &record);
        let case = format!("{setting:?}: {source:?} {config:?}, variable {variable:?}");
        let supplier = supplier(setting, source, config, variable);
        let value = supplier.and_then(|supplier| if supplier == Supplier::Config { config } else { variable });
        assert_eq!(lookup.text(setting), value, "{case}");
        assert_eq!(lookup.is_true(setting), value == Some("true"), "{case}");
        assert_eq!(lookup.find(setting).map(|found| found.seen.supplied_by), supplier, "{case}");
    }

    #[test]
    fn a_setting_has_the_name_under_which_it_was_set() {
        let environment = Environment::from([("ARM_TENANT_ID", "t")]);
        let provider = PulumiConfig::new(ConfigSource::Provider, [("clientId".to_owned(), Secret::new("c"))]);
        let record = Record::default();
        let lookup = Lookup::new(&environment, Some(&provider), &record);
        assert_eq!(lookup.name(&keys::CLIENT_ID), "clientId");
        assert_eq!(lookup.name(&keys::TENANT_ID), "ARM_TENANT_ID");
        assert_eq!(lookup.names(&keys::TENANT_ID), ["tenantId", "ARM_TENANT_ID"]);
        let outside = Lookup::new(&environment, None, &record);
        assert_eq!(outside.names(&keys::TENANT_ID), ["ARM_TENANT_ID"]);
    }

    #[test]
    fn settings_are_recorded_once_for_the_work_that_read_them() {
        let environment = Environment::from([("ARM_TENANT_ID", "t"), ("ARM_CLIENT_ID", "c"), ("NO_PROXY", "n")]);
        let record = Record::default();
        let lookup = Lookup::new(&environment, None, &record);
        let names = |seen: Vec<SeenSetting>| seen.into_iter().map(|seen| seen.name).collect::<Vec<_>>();
        let (inner, outer) = lookup.recording(|| {
            lookup.text(&keys::CLIENT_ID);
            let (_, inner) = lookup.recording(|| (lookup.variable("NO_PROXY"), lookup.text(&keys::CLIENT_SECRET)));
            lookup.unnoted(&keys::TENANT_ID);
            lookup.name(&keys::CLIENT_ID);
            inner
        });
        assert_eq!((names(inner), names(outer)), (vec!["NO_PROXY".to_owned()], vec!["ARM_CLIENT_ID".to_owned()]));
    }
}
