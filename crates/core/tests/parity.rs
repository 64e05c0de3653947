//! Pulumi's rules about what is requested and where (`pulumi-parity.md` §1, §5, §6), as the services and az see them; a
//! new case is one line. Pulumi's rules about settings are in `login/tests`.
#![allow(missing_docs, reason = "a test has no users")]

use async_trait::async_trait;
use azure_client_token_core::{
    host::{Clock, Command, CommandFailure, Commands, FakeFiles, Files, Host, Output, RunCommand},
    resolve,
    testing::{HttpStub, StubAnswer, StubRequest},
    Client, ClientConfig, ConfigSource, Environment, Error, ErrorKind, Inputs, PulumiConfig, Secret, Service,
    TokenRequest,
};
use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use serde_json::json;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};
use tokio::time::Instant;
use url::{form_urlencoded, Url};

type Pairs<'a> = &'a [(&'a str, &'a str)];

const APPLICATION: &str = "e8b1c0de-0000-4000-8000-000000000001";
const TENANT: &str = "7b795fb9-09d3-42f4-a494-38864f99ba3c";
const OBJECT: &str = "0bb0bbbb-0000-4000-8000-00000000000b";

const PRINCIPAL: [(&str, &str); 3] = [("tenantId", "a-tenant"), ("clientId", "an-app"), ("clientSecret", "hidden")];
const PUBLIC: &str = "https://login.microsoftonline.com";
const GOVERNMENT: &str = "https://login.microsoftonline.us";
const CHINA: &str = "https://login.chinacloudapi.cn";

/// An absolute path.
const AZ_FOLDER: &str = if cfg!(windows) { r"C:\az" } else { "/az" };

/// Services and an az that answer every request, except for silent hosts, and record the requests.
#[derive(Clone, Default)]
struct World {
    asked: Arc<Mutex<Vec<String>>>,
    silent: &'static str,
}

impl World {
    fn note(&self, question: String) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(question);
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A machine whose az is logged in to that cloud with two accounts.
    fn service(&self, az_cloud: &str) -> Service {
        let files = FakeFiles::default();
        let account = |id, name, is_default| json!({ "id": id, "name": name, "isDefault": is_default, "environmentName": az_cloud });
        let profile =
            json!({ "subscriptions": [account("id-1", "First", true), account("id-2", "Second One", false)] });
        files.write(format!("{AZ_FOLDER}/azureProfile.json"), format!("\u{feff}{profile}"));
        files.write(format!("{AZ_FOLDER}/config"), format!("[cloud]\nname = {az_cloud}\n"));
        let begin = Instant::now();
        let clock = Clock::fake(move || UNIX_EPOCH + Duration::from_secs(1_767_225_600) + begin.elapsed());
        Service::with_host(Host { clock, files: Files::fake(files), commands: Commands::fake(self.clone()) })
            .over(Arc::new(self.clone()))
    }
}

/// A token that states its owner.
fn token() -> String {
    let claims = json!({ "appid": APPLICATION, "tid": TENANT, "oid": OBJECT });
    format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[async_trait]
impl HttpStub for World {
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error> {
        let url = Url::parse(&request.url).expect("an address");
        if !self.silent.is_empty() && request.url.starts_with(self.silent) {
            return std::future::pending().await;
        }
        let mut fields = form_urlencoded::parse(&request.body).chain(url.query_pairs());
        let (_, wanted) = fields.find(|(name, _)| name == "scope" || name == "resource").expect("what is wanted");
        self.note(format!("{} {wanted}", url.origin().ascii_serialization()));
        let body = json!({ "access_token": token(), "expires_in": 3600, "token_type": "Bearer" });
        Ok(StubAnswer { status: 200, body: body.to_string().into_bytes(), ..StubAnswer::default() })
    }
}

#[async_trait]
impl RunCommand for World {
    async fn run(&self, command: Command) -> Result<Output, CommandFailure> {
        let arguments: Vec<_> = command.arguments.iter().map(Secret::expose).collect();
        let after = arguments.iter().skip_while(|argument| **argument != "--resource").skip(1);
        self.note(format!("az {}", after.copied().collect::<Vec<_>>().join(" ")));
        let printed = json!({ "accessToken": token(), "expires_on": 1_767_229_200, "tenant": TENANT });
        Ok(Output { status: Some(0), stdout: printed.to_string().into_bytes().into(), ..Output::default() })
    }
}

fn client(values: Pairs<'_>, variables: Pairs<'_>) -> Client {
    let secret = |(name, value): &(&str, &str)| ((*name).to_owned(), Secret::new(*value));
    let config = PulumiConfig::new(ConfigSource::Stack, values.iter().map(secret));
    let environment: Environment = variables.iter().chain(&[("AZURE_CONFIG_DIR", AZ_FOLDER)]).map(secret).collect();
    Client::new(resolve(&Inputs { pulumi: Some(&config), ..Inputs::of_environment(&environment) }).unwrap())
}

/// §1: each row has name, cloud, endpoint; scope, resource.
#[tokio::test(start_paused = true)]
async fn every_endpoint_has_its_scope_and_its_resource() {
    #[rustfmt::skip]
    let rows = [
        ("none, public", "AzureCloud", None, "https://management.azure.com//.default", "https://management.azure.com/"),
        ("none, usgovernment", "AzureUSGovernment", None, "https://management.usgovcloudapi.net//.default", "https://management.usgovcloudapi.net/"),
        ("none, china", "AzureChinaCloud", None, "https://management.chinacloudapi.cn//.default", "https://management.chinacloudapi.cn/"),
        ("empty, public", "AzureCloud", Some(""), "https://management.azure.com//.default", "https://management.azure.com/"),
        ("empty, china", "AzureChinaCloud", Some(""), "https://management.chinacloudapi.cn//.default", "https://management.chinacloudapi.cn/"),
        ("without a slash", "AzureCloud", Some("https://graph.microsoft.com"), "https://graph.microsoft.com/.default", "https://graph.microsoft.com"),
        ("with a slash", "AzureCloud", Some("https://graph.microsoft.com/"), "https://graph.microsoft.com//.default", "https://graph.microsoft.com/"),
        ("an application by its URI", "AzureCloud", Some("api://0f0f"), "api://0f0f/.default", "api://0f0f"),
        ("a bare GUID", "AzureCloud", Some("00000003-0000-0000-c000-000000000000"), "00000003-0000-0000-c000-000000000000/.default", "00000003-0000-0000-c000-000000000000"),
        ("the scope itself (§7)", "AzureCloud", Some("https://graph.microsoft.com/.default"), "https://graph.microsoft.com/.default", "https://graph.microsoft.com"),
        ("in another cloud", "AzureChinaCloud", Some("https://graph.microsoft.com"), "https://graph.microsoft.com/.default", "https://graph.microsoft.com"),
    ];
    for (case, cloud, endpoint, scope, resource) in rows {
        let in_cloud = [("environment", cloud)];
        let authority = [("AzureUSGovernment", GOVERNMENT), ("AzureChinaCloud", CHINA), ("AzureCloud", PUBLIC)];
        let authority = authority.iter().find(|(name, _)| *name == cloud).unwrap().1;
        let sources: [(Vec<_>, String); 4] = [
            ([&in_cloud[..], &PRINCIPAL].concat(), format!("{authority} {scope}")),
            ([&in_cloud[..], &[("useMsi", "true")]].concat(), format!("http://169.254.169.254 {resource}")),
            (in_cloud.to_vec(), format!("az {resource}")),
            (Vec::new(), format!("az {resource}")),
        ];
        for (values, wanted) in sources {
            let world = World::default();
            let request = TokenRequest { endpoint: endpoint.map(str::to_owned), ..TokenRequest::default() };
            let outcome = world.service(cloud).client_token(&client(&values, &[]), &request).await;
            outcome.unwrap_or_else(|error| panic!("{case}, {values:?}: {error}"));
            assert_eq!(world.asked(), [wanted], "{case}, {values:?}");
        }
    }
}

/// §5: each row has every name (case is ignored); authority, endpoint of Azure Resource Manager, Graph.
#[tokio::test(start_paused = true)]
async fn every_name_of_a_cloud_leads_to_its_three_addresses() {
    let public = (PUBLIC, "https://management.azure.com", "https://graph.microsoft.com/");
    let government = (GOVERNMENT, "https://management.usgovcloudapi.net", "https://graph.microsoft.us/");
    let china = (CHINA, "https://management.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn");
    let rows = [
        ("public", public),
        ("azurecloud", public),
        ("Public", public),
        ("AzureCloud", public),
        ("usgov", government),
        ("usgovernment", government),
        ("azureusgovernment", government),
        ("azureusgovernmentcloud", government),
        ("usgovernmentl4", government),
        ("USGovernmentL4", government),
        ("AzureUSGovernment", government),
        ("china", china),
        ("azurechinacloud", china),
        ("CHINA", china),
        ("AzureChinaCloud", china),
    ];
    for (name, (authority, manager, graph)) in rows {
        let (world, client) = (World::default(), client(&PRINCIPAL, &[("ARM_ENVIRONMENT", name)]));
        let service = world.service("AzureCloud");
        service.client_token(&client, &TokenRequest::default()).await.unwrap();
        service.client_config(&client, &TokenRequest::default()).await.unwrap();
        let wanted = [format!("{authority} {manager}//.default"), format!("{authority} {graph}/.default")];
        assert_eq!(world.asked(), wanted, "{name}");
    }
}

async fn config(service: &Service, client: &Client) -> Result<ClientConfig, Error> {
    service.client_config(client, &TokenRequest::default()).await
}

/// §6: each row has the configuration, and the subscription that `getClientConfig` returns.
#[tokio::test(start_paused = true)]
async fn the_subscription_is_the_configured_one_and_under_az_an_id() {
    let no_others = ("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential");
    let chain = ("useDefaultAzureCredential", "true");
    let secret = [&PRINCIPAL[..], &[("subscriptionId", "Second One")]].concat();
    #[rustfmt::skip]
    let rows: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        ("az, nothing configured", &[], &[], "id-1"),
        ("az, an id", &[("subscriptionId", "id-2")], &[], "id-2"),
        ("az, a name becomes its id", &[("subscriptionId", "Second One")], &[], "id-2"),
        ("az, a name by environment", &[], &[("ARM_SUBSCRIPTION_ID", "First")], "id-1"),
        ("az in the default chain, nothing configured", &[chain], &[no_others], "id-1"),
        ("az in the default chain, a name becomes its id", &[chain, ("subscriptionId", "Second One")], &[no_others], "id-2"),
        ("another method: as configured", &secret, &[], "Second One"),
        ("another method, nothing configured", &PRINCIPAL, &[], ""),
    ];
    for (case, values, variables, subscription) in rows {
        let service = World::default().service("AzureCloud");
        let found =
            config(&service, &client(values, variables)).await.unwrap_or_else(|error| panic!("{case}: {error}"));
        let wanted = [APPLICATION, OBJECT, subscription, TENANT];
        assert_eq!([found.client_id, found.object_id, found.subscription_id, found.tenant_id], wanted, "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_time_limit_covers_all_steps_of_a_call() {
    let metadata = client(&[&PRINCIPAL[..], &[("metadataHost", "silent.example")]].concat(), &[]);
    let world = World { silent: "https://silent.example", ..World::default() };
    let request = TokenRequest { timeout: Some(Duration::from_secs(5)), ..TokenRequest::default() };
    let service = world.service("AzureCloud");
    let start = Instant::now();
    let explanation = service.explain(&metadata, &request).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 5, "explain");
    assert_eq!(explanation.error.map(|error| error.kind()), Some(ErrorKind::Timeout));
    assert_eq!(explanation.scopes, Vec::<String>::new());
    let start = Instant::now();
    assert_eq!(service.client_config(&metadata, &request).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed().as_secs(), 5, "getClientConfig");
    let start = Instant::now();
    assert_eq!(service.client_token(&metadata, &request).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed().as_secs(), 5, "getClientToken");
}
