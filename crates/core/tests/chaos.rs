//! Tests the whole core over the real transport and real sockets, while the machine's clock is moved forward and back
//! by hours: the addon's own chaos run (`__test__/chaos.test.js`) can move JavaScript's clock only. At random, calls
//! are given up, run out of time, or meet a service that breaks off, or answers wrongly or slowly. `CHAOS_SEED` repeats
//! the decisions of a run.
#![allow(missing_docs, reason = "a test has no users")]
#![expect(clippy::disallowed_methods, reason = "a test may look at the machine")]

use azure_client_token_core::{
    resolve, AccessToken, Client, Clock, Environment, Error, ErrorKind, Host, Inputs, Service, TokenRequest,
};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
        Arc, Mutex,
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const CALLERS: u64 = 24;
const CALLS: u64 = 120;
const ENDPOINTS: u64 = 8;
const HOUR: u64 = 60 * 60;
const SECRET: &str = "marker-secret";
/// The most connections that may stay open to a host.
const MOST_CONNECTIONS: usize = 48;

#[test]
fn calls_settle_correctly_whatever_happens_and_whatever_the_time() {
    let seed = std::env::var("CHAOS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(fresh_seed);
    println!("seed {seed}");
    let world = Arc::new(World::default());
    let address = serve(&world, seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcomes = runtime.block_on(run(&world, &address, seed));
    println!("{outcomes:?}, {} jumps", world.jumps.load(Ordering::SeqCst));
    assert_eq!(outcomes.values().sum::<u64>(), CALLERS * CALLS);
    for outcome in ["token", "given up", "ERR_AUTHENTICATION", "ERR_NETWORK", "ERR_TIMEOUT"] {
        assert!(outcomes.contains_key(outcome), "nothing ended as {outcome}: {outcomes:?}");
    }
    drop(runtime);
    world.assert_left(0);
}

/// The state that the service and its clients share.
#[derive(Default)]
struct World {
    /// How many seconds the machine's clock is wrong.
    skew: AtomicI64,
    jumps: AtomicU64,
    connections: AtomicUsize,
}

impl World {
    fn now(&self) -> SystemTime {
        let skew = self.skew.load(Ordering::SeqCst);
        let (now, off) = (SystemTime::now(), Duration::from_secs(skew.unsigned_abs()));
        if skew < 0 {
            now - off
        } else {
            now + off
        }
    }

    fn seconds(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).unwrap().as_secs()
    }

    fn jump(&self, random: &mut Random) {
        let hours = i64::try_from(random.below(4 * HOUR)).unwrap() - i64::try_from(2 * HOUR).unwrap();
        self.skew.store(hours, Ordering::SeqCst);
        self.jumps.fetch_add(1, Ordering::SeqCst);
    }

    /// Waits for connections that are being closed.
    fn assert_left(&self, most: usize) {
        let open = || self.connections.load(Ordering::SeqCst);
        for _ in 0..1000 {
            if open() <= most {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("{} connections are left", open());
    }
}

async fn run(world: &Arc<World>, address: &str, seed: u64) -> BTreeMap<&'static str, u64> {
    let wall = Arc::clone(world);
    let host = Host { clock: Clock::fake(move || wall.now()), ..Host::system() };
    let service = Arc::new(Service::with_host(host));
    let outcomes = Arc::new(Mutex::new(BTreeMap::new()));
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let caller = Caller {
                service: Arc::clone(&service),
                client: client(address),
                world: Arc::clone(world),
                random: Random(seed ^ (number + 1)),
            };
            tokio::spawn(caller.calls(Arc::clone(&outcomes)))
        })
        .collect();
    let jumper = tokio::spawn(jumps(Arc::clone(world), Arc::clone(&service), Random(seed)));
    for caller in callers {
        caller.await.expect("no call ended in a panic");
    }
    jumper.abort();
    world.assert_left(MOST_CONNECTIONS);
    let outcomes = outcomes.lock().unwrap();
    outcomes.clone()
}

async fn jumps(world: Arc<World>, service: Arc<Service>, mut random: Random) {
    loop {
        world.jump(&mut random);
        if random.below(20) == 0 {
            service.clear_cache();
        }
        tokio::time::sleep(Duration::from_millis(1 + random.below(60))).await;
    }
}

/// A client of a managed identity, for which this process is the App Service.
fn client(address: &str) -> Client {
    let environment = Environment::from([
        ("ARM_USE_MSI", "true"),
        ("IDENTITY_ENDPOINT", address),
        ("IDENTITY_HEADER", SECRET),
        // It is not read, because there is no TLS.
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
    ]);
    Client::new(resolve(&Inputs::of_environment(&environment)).unwrap())
}

struct Caller {
    service: Arc<Service>,
    client: Client,
    world: Arc<World>,
    random: Random,
}

impl Caller {
    async fn calls(mut self, outcomes: Arc<Mutex<BTreeMap<&'static str, u64>>>) {
        for _ in 0..CALLS {
            let outcome = self.call().await;
            *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
            tokio::time::sleep(Duration::from_millis(self.random.below(10))).await;
        }
    }

    /// Makes one call, checks its result, and returns it in one word.
    async fn call(&mut self) -> &'static str {
        let random = &mut self.random;
        let endpoint = format!("api://{}", random.below(ENDPOINTS));
        let timeout = if random.below(3) == 0 { 1 + random.below(200) } else { 5000 };
        let request = TokenRequest {
            endpoint: Some(endpoint.clone()),
            force_refresh: random.below(3) == 0,
            timeout: Some(Duration::from_millis(timeout)),
            ..TokenRequest::default()
        };
        let patience = if random.below(4) == 0 { random.below(100) } else { 60_000 };
        let jumps = self.world.jumps.load(Ordering::SeqCst);
        let asked = self.service.client_token(&self.client, &request);
        let Ok(outcome) = tokio::time::timeout(Duration::from_millis(patience), asked).await else {
            assert!(patience < 60_000, "a call of {timeout} ms did not settle");
            return "given up";
        };
        let is_one_time = self.world.jumps.load(Ordering::SeqCst) == jumps;
        match outcome {
            Ok(token) => self.judge_token(&token, &endpoint, is_one_time),
            Err(error) => judge_error(&error),
        }
    }

    /// If the clock was not set meanwhile, the token is good for some more time.
    fn judge_token(&self, token: &AccessToken, endpoint: &str, is_one_time: bool) -> &'static str {
        assert_eq!(token.token.expose(), format!("{SECRET}.{endpoint}"), "another one's token");
        let now = i64::try_from(self.world.now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
        assert!(!is_one_time || token.expires_on > now, "it expired {} ms ago", now - token.expires_on);
        "token"
    }
}

fn judge_error(error: &Error) -> &'static str {
    let shown = format!("{error} {error:?} {:?} {:?} {:?}", error.causes(), error.refusal(), error.attempts());
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(error.kind() != ErrorKind::Timeout || error.phase().is_some(), "{shown}");
    error.kind().code()
}

/// Starts a service that answers at random, and returns its address.
fn serve(world: &Arc<World>, seed: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/msi/token", listener.local_addr().unwrap());
    let world = Arc::clone(world);
    thread::spawn(move || {
        for (number, socket) in (0..).zip(listener.incoming()) {
            let (world, random) = (Arc::clone(&world), Random(seed.wrapping_mul(31) ^ number));
            world.connections.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || {
                let _ = answer(&mut socket.unwrap(), &world, random);
                world.connections.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    address
}

/// Answers requests until one side ends the connection.
fn answer(socket: &mut TcpStream, world: &World, mut random: Random) -> std::io::Result<()> {
    let mut received = String::new();
    loop {
        let mut piece = [0; 4096];
        let length = socket.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        received.push_str(&String::from_utf8_lossy(&piece[..length]));
        if !received.ends_with("\r\n\r\n") {
            continue;
        }
        let endpoint = resource(&received);
        received.clear();
        thread::sleep(Duration::from_millis(random.below(15)));
        let (text, goes_on) = said(world, &mut random, &endpoint);
        socket.write_all(text.as_bytes())?;
        if !goes_on {
            return Ok(());
        }
    }
}

fn resource(request: &str) -> String {
    let address = format!("http://localhost{}", request.split(' ').nth(1).unwrap());
    let url = url::Url::parse(&address).unwrap();
    let found = url.query_pairs().find(|(name, _)| name == "resource").map(|(_, value)| value.into_owned());
    found.unwrap()
}

/// Returns the service's answer, and whether the connection stays open.
fn said(world: &World, random: &mut Random, endpoint: &str) -> (String, bool) {
    let refusal = format!(r#"{{"statusCode":400,"message":"no: {SECRET}"}}"#);
    let whole = |body: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let failed = |line: &str, body: &str| format!("HTTP/1.1 {line}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    match random.below(24) {
        0 => (String::new(), false),
        1 => (format!("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{{\"access_token\":\"{SECRET}"), false),
        2 => (failed("503 Busy\r\nretry-after: 0", SECRET), true),
        3 => (failed("500 Oops", &format!("<html>{SECRET}</html>")), true),
        4 => (failed("400 Bad Request", &refusal), true),
        5 => (whole("{}"), true),
        6 => (whole(&format!("<html>{SECRET}")), true),
        7 => (format!("SSH-2.0-{SECRET}\r\n\r\n"), false),
        _ => {
            let expires_on = world.seconds() + 1 + random.below(2 * HOUR);
            (whole(&format!(r#"{{"access_token":"{SECRET}.{endpoint}","expires_on":"{expires_on}"}}"#)), true)
        }
    }
}

/// Steele, Lea and Flood's `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn fresh_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos().into()
}
