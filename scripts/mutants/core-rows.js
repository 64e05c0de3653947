// @ts-check
'use strict'

const { rowsOf } = require('./row')

// Faults of the core. "M…" are those of an earlier review, including those that represent several.

const unit = (/** @type {string} */ words) => ['--lib', words]
const SECRETS = ['--test', 'scenarios']
/** Without the test that puts secrets into each setting, which takes a minute. */
const SCENARIOS = [...SECRETS, '--', '--skip', 'what_looks_like_a_secret']

const coreRows = [
  ...rowsOf('crates/core/src/flight.rs', unit('flight'), [
    ['M18: a patient caller that joins does not extend the flight', '(self.extend)(until);', 'let _ = until;'],
    ['M6: a flight goes on without a waiter', 'self.0.abort();', ''],
    ['a failure from before answers a forced call', '|made| made < landed', '|made| made < landed + FAILURE_MEMORY'],
    ['a forced call that has waited asks again', '|made| made < landed', '|_| false'],
  ]),
  ...rowsOf('crates/core/src/flight.rs', unit('cache'), [
    ['M20: every failure is remembered', '!matches!(', 'true || !matches!('],
  ]),
  ...rowsOf('crates/core/src/cache/entry.rs', unit('cache'), [
    ['M7: a token outlives the login that it depends on', 'self.binding.is_none() || self.binding.as_deref() == binding', 'self.binding.is_none() || binding.is_some()'],
    ['M27: each waiter asks again after a failure', 'is_remembered(error).then(|| Box::new(Failure::new(error, now)))', 'None'],
  ]),
  ...rowsOf('crates/core/src/cache/lifetime.rs', unit('cache'), [
    ['M5: an expired token is handed out', 'age if age >= self.end => Freshness::Over', 'age if age >= self.end => Freshness::Short'],
    ['M28: the wall clock alone counts', 'steady.max(millis(self.wall.saturating_sub(earlier.wall)))', 'steady.min(Duration::ZERO).max(millis(self.wall.saturating_sub(earlier.wall)))'],
  ]),
  ...rowsOf('crates/core/src/cache/store.rs', unit('cache'), [
    ['M22: clearing leaves the entries', 'let forgotten = std::mem::take(&mut *self.entries());', 'let forgotten = Entries::default();'],
  ]),
  ...rowsOf('crates/core/src/store/shared_acquisition.rs', unit('fleet_model'), [
    ['the process that gets the lease does not look again', `        if let Some(outcome) = self.in_time(self.look()).await?.ends() {
            self.within_call(lease.release()).await;
            return Ok(outcome);
        }
`, ''],
    ['the lease of another is ignored', 'LeaseAttempt::Taken => Ok(TryOutcome::LeaseTaken),', 'LeaseAttempt::Taken => Ok(TryOutcome::WithoutStore),'],
    ['a token in the store is not compared with the clock', '        stored.usable(now)?;\n', ''],
    ['a note in the store is not read', 'if self.request.force_refresh {\n            return Ok(LookupResult::Nothing);', 'if true {\n            return Ok(LookupResult::Nothing);'],
    ['what was written before the cache was cleared is taken', 'stored.written() <= self.request.written_after', 'stored.written() < 0'],
  ]),
  ...rowsOf('crates/core/src/store/lease.rs', unit('fleet_model'), [
    ['the lease of another is given back', 'Some(base32(&bytes))', 'Some(base32(&[0; 16]))'],
  ]),
  ...rowsOf('crates/core/src/store/machine/file_store.rs', unit('store::machine'), [
    ['a holder that is at work does not show it', 'self.disk.work(move |_| lock.touch())', 'self.disk.work(move |_| Ok(drop(lock.clone())))'],
    ['a holder that was stopped keeps its lock', 'let _ = set_aside(folder, name, life);', 'let _ = life;'],
    ['each of those who wait takes the lock from the next holder, too', 'if folder.modified(name)? == Some(life) {', 'if life != SystemTime::UNIX_EPOCH {'],
  ]),
  ...rowsOf('crates/core/src/store/machine/lock_watch.rs', unit('store::machine'), [
    ['those who wait look only when they have the lock', 'seen.sign.beside != sign.beside', 'seen.sign.beside != sign.beside && false'],
  ]),
  ...rowsOf('crates/core/src/store/circuit_breaker.rs', unit('fleet_model'), [
    ['a command to the store may take any time', 'timeout(self.patience, command)', 'timeout(self.patience * 100, command)'],
  ]),
  ...rowsOf('crates/core/src/chain/rule.rs', unit('chain'), [
    ['M8: a chain goes on after a refusal', '(_, Stage::Asked) => is_default && is_developers_tool(member),', '(_, Stage::Asked) => is_default || is_developers_tool(member),'],
  ]),
  ...rowsOf('crates/core/src/chain.rs', SCENARIOS, [
    ['M19: the member that gave a token is not remembered', 'winners.insert(key, place);', 'let _ = (key, place);'],
  ]),
  ...rowsOf('crates/core/src/credentials/principal.rs', unit('credentials'), [
    ['M1: a key leaves the tenant out', 'key.part(tenant.as_str()).part(client_id', 'let _ = tenant;\n        key.part(client_id'],
    ['a key leaves the client id out', '.part(client_id.as_str())', '.part(client_id.as_str().get(..0).unwrap_or_default())'],
  ]),
  ...rowsOf('crates/core/src/transport/answer.rs', SCENARIOS, [
    ['M2: a refusal is asked again', 'is_retryable_status(self.status)\n', 'is_retryable_status(self.status) || self.status == 400\n'],
  ]),
  ...rowsOf('crates/core/src/transport/exchange.rs', SCENARIOS, [
    ['M15: what a service asks to wait is ignored', '.and_then(|answer| answer.retry_after).unwrap_or_default()', '.and_then(|_| None::<Duration>).unwrap_or_default()'],
  ]),
  ...rowsOf('crates/core/src/config/network/exemptions.rs', ['--test', 'no_proxy'], [
    ['M3: NO_PROXY is ignored', '|| self.0.iter().any(|exemption| exemption.holds(host, address, port))', '|| self.0.iter().any(|exemption| exemption.holds(host, address, port) && false)'],
  ]),
  ...rowsOf('crates/core/src/types/secret.rs', SECRETS, [
    ['M4: Debug shows a secret', 'formatter.write_str("Secret(***)")', 'formatter.write_str(self.expose())'],
  ]),
  ...rowsOf('crates/core/src/transport/redaction.rs', SECRETS, [
    ['M9: an assertion is shown that a service repeats', '"client_assertion_type",', '"client_assertion",'],
  ]),
  ...rowsOf('crates/core/src/transport/redaction.rs', unit('transport::redaction'), [
    ['a token in the path of an address is shown', 'segments.filter(|segment| is_proof(segment))', 'segments.filter(|segment| is_proof(segment) && false)'],
  ]),
  ...rowsOf('crates/core/src/credentials/azure_identity.rs', SECRETS, [
    ['what was sent to get an assertion is shown where Entra ID repeats it', 'answer.redaction = answer.redaction.and(route.sent_before.iter().cloned());', 'answer.redaction = answer.redaction.and([]);'],
  ]),
  ...rowsOf('crates/core/src/credentials/azure_cli/mod.rs', SECRETS, [
    ["the name of az's cloud shows a secret of the environment", 'redacted(&name, &self.run.environment, Vec::new()).await', 'account.environment_name.clone()'],
    ["the name of az's cloud shows a token", 'shown("the tool\'s environment", &active)', '&active'],
  ]),
  ...rowsOf('crates/core/src/types/suspicion.rs', unit('types::suspicion'), [
    ['an address without a scheme is shown with its user', "value[..at].contains(':'));", 'value[..at].contains("://"));'],
    ['a value behind the name of a secret is shown', '(any(has_named_secret) ||', '(any(has_named_secret) && false ||'],
  ]),
  ...rowsOf('crates/core/src/types/shown_words.rs', unit('types::shown_words'), [
    ['a token that a service mentions is shown', 'if is_secret(word) ||', 'if is_secret(word) && false ||'],
  ]),
  ...rowsOf('crates/core/src/transport/roots.rs', unit('transport::roots'), [
    ['a password in a list of folders is shown in parts', 'if is_shown { folder }', 'if is_shown || true { folder }'],
  ]),
  ...rowsOf('crates/core/src/types/redact.rs', unit('types::redact'), [
    ['the beginning of a secret is shown where a text is cut', '(SHORTEST_IN_ANY_FORM..form.len()).contains(&length)', '(SHORTEST_IN_ANY_FORM..0).contains(&length)'],
  ]),
  ...rowsOf('crates/core/src/host/commands/process.rs', unit('host::commands::process'), [
    ['a tool runs in the working folder of the process', '        prepared.current_dir(folder);', '        let _ = folder;'],
    ['a line that is cut is kept', '    if is_stderr_cut {', '    if is_stderr_cut && false {'],
    ['a program whose exit status is lost was not started', 'let status = group.reap(child).ok();', 'let status = Some(group.reap(child).map_err(failed)?);'],
  ]),
  ...rowsOf('crates/core/src/transport/pinned.rs', unit('pinned'), [
    ['M11: a pinned certificate is not compared', 'if thumbprint(end_entity).eq_ignore_ascii_case(&self.thumbprint) {', 'if !thumbprint(end_entity).is_empty() || self.thumbprint.is_empty() {'],
  ]),
  ...rowsOf('crates/core/src/service/call.rs', SCENARIOS, [
    ['M12: any tenant may be asked', 'if settings.allows_tenant(&tenant) {', 'if settings.allows_tenant(&tenant) || true {'],
  ]),
  ...rowsOf('crates/core/src/service.rs', SCENARIOS, [
    ['M13: services of the host are asked through a proxy', 'let direct = settings.direct();', 'let direct = settings.clone();'],
  ]),
  ...rowsOf('crates/core/src/host/arc_key.rs', unit('arc_key'), [
    ['M14: a key of Azure Arc may lie outside of its folder', 'if place_of(&opened, file)?.parent() != Some(&*folder.canonicalize()?) {', 'if place_of(&opened, file)?.parent() != Some(&*folder.canonicalize()?) && false {'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/settings.rs', unit('specification'), [
    ["a variable that chooses a tool's tenant is not part of a stored token's name", 'any(|begin| begins(begin)) && !', 'any(|begin| begins(begin) && false) && !'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/settings.rs', unit('tool::settings'), [
    ['a relative folder with a login begins in the folder in which its tool runs', 'if !Path::new(folder).is_absolute() {', 'if !Path::new(folder).is_absolute() && false {'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/value_hint.rs', unit('tool::held_secrets'), [
    ['a variable whose name says nothing is shown', 'Hint::Nothing => value.len() >= SHORTEST_UNKNOWN && !is_plain(value),', 'Hint::Nothing => value.is_empty() && !is_plain(value),'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/value_hint.rs', unit('tool::value_parts'), [
    ['a host in a value is hidden', '|| !is_host(value)', '|| value.is_empty()'],
    ['what stands in a secret is none', '(Hint::Nothing, Hint::Secret) => Hint::InSecret,', '(Hint::Nothing, Hint::Secret) => Hint::Nothing,'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/value_parts.rs', unit('tool::value_parts'), [
    ['the secrets in a value are not looked for', 'found.look_into(whole);', ''],
    ['a text in a text is not looked into', 'for _ in 1..LAYERS', 'for _ in 1..1'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/value_parts/users.rs', unit('tool::value_parts'), [
    ['of an address with a second @ only the first is looked at', 'const MOST: usize = 4;', 'const MOST: usize = 1;'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/value_parts/unnamed.rs', unit('tool::value_parts'), [
    ['a hashed password in a value is shown', '.chain(hashes(text))', ''],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/held_secrets.rs', unit('tool::output_redaction'), [
    ['a part of a key\'s line is shown', '{ Extent::Pieces } else', '{ Extent::Whole } else'],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/tool_output.rs', SCENARIOS, [
    ['a token whose claims name another tenant is taken', '[self.tenant.as_deref(), claimed.as_deref()]', '[self.tenant.as_deref(), None]'],
  ]),
  ...rowsOf('crates/core/src/credentials/managed_identity/stated_identity.rs', SCENARIOS, [
    ['a token of another identity than the requested one is taken', 'statement(identity, answer) == Statement::Other', 'statement(identity, answer) == Statement::Same'],
  ]),
  ...rowsOf('crates/core/src/types/token_identity.rs', SCENARIOS, [
    ['an id of a token that may be a secret is shown', 'id.filter(|id| is_shown_id(', 'id.filter(|id| !id.is_empty() || is_shown_id('],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/tool_error.rs', SCENARIOS, [
    ['a tool is judged by what is shown of it', 'self.text.expose().contains(words)', 'self.shown.contains(words)'],
    ['a tool whose exit status is lost may be absent', 'ending.is_none() && !is_lost && ', 'ending.is_none() && '],
  ]),
  ...rowsOf('crates/core/src/credentials/tool/failure_cause.rs', unit('tool::failure_cause'), [
    ['a tool that was killed has failed', 'if is_killed(output) {', 'if is_killed(output) && false {'],
    ['a tool that may not use its files is logged out', '[] if lacks_access(text) => FailureCause::NoAccess,', ''],
    ['a network that does not answer is a login that is over', 'return FailureCause::Unanswered;', ''],
    ['a refusal beside a login that is over is passed over', 'codes if !codes.iter().all(|code| is_over(*code)) => FailureCause::Refused,', 'codes if !codes.iter().any(|code| is_over(*code)) => FailureCause::Refused,'],
  ]),
  ...rowsOf('crates/core/src/transport/dial.rs', unit('transport::dial'), [
    ['EAGAIN while connecting is no shortage', 'if let Some(resource) = Resource::of_network(&error) {', 'if let Some(resource) = Resource::of(&error) {'],
  ]),
  ...rowsOf('crates/core/src/credentials/managed_identity/imds.rs', unit('imds'), [
    ['a probe that waits for a connection counts as unanswered', 'if is_queued { Duration::ZERO } else { LOOK }', 'if is_queued && false { Duration::ZERO } else { LOOK }'],
  ]),
  ...rowsOf('crates/core/src/credentials/managed_identity/imds.rs', SCENARIOS, [
    ['a metadata service that throttles its probe is absent', 'if is_out_of_order(&answer) => Ok(()),', 'if is_out_of_order(&answer) && false => Ok(()),'],
  ]),
  ...rowsOf('crates/core/src/credentials/claims.rs', SCENARIOS, [
    ['M21: claims are dropped', 'self.text.iter().map(|claims| AddField', 'self.text.iter().take(0).map(|claims| AddField'],
  ]),
  ...rowsOf('crates/core/src/credentials/entra.rs', unit('entra'), [
    ['M24: a token of another type is taken', 'if !parsed.is_bearer() {', 'if false && !parsed.is_bearer() {'],
  ]),
  ...rowsOf('crates/core/src/transport/connections.rs', unit('transport::connections'), [
    ['M29: a permit for a host is never given back', '_permit: permit }', '_permit: { std::mem::forget(permit); None } }'],
  ]),
  ...rowsOf('crates/core/src/transport/bounded_stream.rs', unit('transport'), [
    ['what arrives for one answer is not bounded', 'if received > MOST_RECEIVED {', 'if received > usize::MAX - 1 {'],
    ['the bytes of earlier answers count on one connection', 'self.0.store(0, Ordering::Relaxed);', 'self.0.fetch_add(0, Ordering::Relaxed);'],
  ]),
  ...rowsOf('crates/core/src/credentials/token_proxy.rs', ['__test__/trust.test.js'], [
    ["M26: the token proxy trusts the system's authorities", 'settings.trust.only = authorities(spec, acquisition).await?;', 'let _ = authorities(spec, acquisition).await?;'],
  ]),
]

module.exports = { coreRows }
