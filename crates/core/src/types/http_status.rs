/// Returns whether a service with that HTTP status may answer the same request later: it timed out (408), limits
/// requests (429), or is unavailable (5xx).
pub(crate) fn is_retryable_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

#[cfg(test)]
mod tests {
    use super::is_retryable_status;

    #[test]
    fn time_outs_limits_and_faults_of_the_server_may_pass() {
        assert!([408, 429, 500, 501, 503, 504, 599].into_iter().all(is_retryable_status));
        assert!(![200, 301, 400, 401, 403, 404, 410, 600].into_iter().any(is_retryable_status));
    }
}
