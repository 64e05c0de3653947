use super::*;
use crate::types::Phase;
use std::sync::{
    atomic::{AtomicUsize, Ordering},
    Mutex,
};

/// A question, how often it was asked, and how often it was answered.
#[derive(Clone, Default)]
struct Bench {
    once: SingleFlight<u8>,
    asked: Arc<AtomicUsize>,
    answered: Arc<AtomicUsize>,
}

impl Bench {
    /// Asks; the answer takes a second.
    async fn ask(&self, answer: Outcome<u8>) -> Outcome<u8> {
        let (asked, answered) = (Arc::clone(&self.asked), Arc::clone(&self.answered));
        let work = || async move {
            asked.fetch_add(1, Ordering::Relaxed);
            Progress::enter_with(Phase::Request, "host:1");
            tokio::time::sleep(Duration::from_secs(1)).await;
            answered.fetch_add(1, Ordering::Relaxed);
            answer
        };
        self.once.get(work).await
    }

    /// Asks an unavailable service for one request. Each try takes a moment, and the next one follows after a pause if
    /// there is time for it.
    async fn ask_for(&self, time: Duration) -> Option<Outcome<u8>> {
        let until = Instant::now() + time;
        let latest = Arc::new(Mutex::new(until));
        let (extended, asked) = (Arc::clone(&latest), Arc::clone(&self.asked));
        let extend = move |moment: Instant| {
            let mut latest = extended.lock().unwrap();
            *latest = moment.max(*latest);
        };
        let ask = || async move {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if asked.fetch_add(1, Ordering::Relaxed) > 0 {
                    return Ok(7);
                }
                let end = Instant::now() + Duration::from_millis(400);
                if end >= *latest.lock().unwrap() {
                    return Err(failure(ErrorKind::ServiceUnavailable));
                }
                tokio::time::sleep_until(end).await;
            }
        };
        timeout_at(until, self.once.get_until(until, None, extend, ask)).await.ok()
    }

    fn times_asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn failure(kind: ErrorKind) -> Error {
    Error::new(kind, "no")
}

#[tokio::test(start_paused = true)]
async fn waiting_callers_share_the_failure_and_later_callers_ask_again() {
    let bench = Bench::default();
    let no = Err(failure(ErrorKind::Network));
    let (first, second, third) = tokio::join!(bench.ask(no.clone()), bench.ask(Ok(2)), bench.ask(Ok(3)));
    assert!(first.is_err() && second.is_err() && third.is_err());
    assert!(bench.ask(Ok(3)).await.is_err());
    assert_eq!(bench.times_asked(), 1);
    tokio::time::advance(FAILURE_MEMORY).await;
    assert_eq!(bench.ask(Ok(4)).await.unwrap(), 4);
    assert_eq!(bench.ask(Ok(5)).await.unwrap(), 4);
    assert_eq!(bench.times_asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_answers_no_forced_call_that_was_made_after_it() {
    let (once, before) = (SingleFlight::default(), Instant::now());
    tokio::time::advance(Duration::from_secs(1)).await;
    let asked = |forced_at, answer| once.get_until(before, forced_at, |_| (), move || async move { answer });
    assert!(asked(None, Err(failure(ErrorKind::Network))).await.is_err());
    assert!(asked(Some(before), Ok(1)).await.is_err(), "made before, and waited for its turn");
    assert_eq!(asked(Some(Instant::now()), Ok(2)).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_have_passed_is_not_remembered() {
    let kinds = [
        ErrorKind::Configuration,
        ErrorKind::Cancelled,
        ErrorKind::Timeout,
        ErrorKind::Internal,
        ErrorKind::ResourceExhausted,
    ];
    for kind in kinds {
        let bench = Bench::default();
        assert_eq!(bench.ask(Err(failure(kind))).await.unwrap_err().kind(), kind);
        assert_eq!(bench.ask(Ok(1)).await.unwrap(), 1, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_work_goes_on_for_those_who_stay_and_ends_with_the_last() {
    let bench = Bench::default();
    let half = Duration::from_millis(500);
    let (left, stayed) = tokio::join!(tokio::time::timeout(half, bench.ask(Ok(1))), bench.ask(Ok(2)));
    assert!(left.is_err());
    assert_eq!((stayed.unwrap(), bench.times_asked()), (1, 1));
    let forsaken = Bench::default();
    assert!(tokio::time::timeout(half, forsaken.ask(Err(failure(ErrorKind::Network)))).await.is_err());
    tokio::time::sleep(half * 2).await;
    assert_eq!(forsaken.answered.load(Ordering::Relaxed), 0, "work without a waiter goes on");
    assert_eq!(forsaken.ask(Ok(3)).await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_that_of_the_most_patient_caller() {
    for hasty_first in [true, false] {
        let bench = Bench::default();
        let (short, long) = (Duration::from_millis(200), Duration::from_secs(30));
        let times = if hasty_first { [short, long] } else { [long, short] };
        let (first, second) = tokio::join!(bench.ask_for(times[0]), bench.ask_for(times[1]));
        let (of_hasty, patient) = if hasty_first { (first, second) } else { (second, first) };
        assert!(of_hasty.is_none(), "its time was up");
        assert_eq!(patient.unwrap().unwrap(), 7);
        assert_eq!(bench.times_asked(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn each_waiter_sees_the_steps_of_the_work() {
    let bench = Bench::default();
    let step_of = |time| {
        let bench = bench.clone();
        async move {
            let progress = Progress::default();
            let wait = progress.follow(bench.ask(Ok(1)));
            assert!(tokio::time::timeout(Duration::from_millis(time), wait).await.is_err());
            progress.step()
        }
    };
    let (first, second) = tokio::join!(step_of(300), step_of(500));
    for step in [first, second] {
        assert_eq!((step.phase, step.peer.as_str()), (Phase::Request, "host:1"));
    }
}

#[tokio::test]
async fn work_that_panics_is_a_defect_of_that_call_alone() {
    async fn defective() -> Outcome<u8> {
        panic!("on purpose")
    }
    let once = SingleFlight::default();
    let lost = once.get(defective).await;
    assert_eq!(lost.unwrap_err().kind(), ErrorKind::Internal);
    assert_eq!(once.get(|| async { Ok(1) }).await.unwrap(), 1);
}

/// Otherwise work that ends after it was given up would end the work that began since.
#[tokio::test(start_paused = true)]
async fn work_that_begins_after_cancelled_work_has_another_number() {
    let once = SingleFlight::<u8>::default();
    let number_of = || async {
        let asked = once.get(std::future::pending);
        assert!(tokio::time::timeout(Duration::from_secs(1), asked).await.is_err());
        once.flight_number()
    };
    assert_ne!(number_of().await, number_of().await);
}
