//! Prints this library's lines on stderr. A separate thread writes them, so a stderr that is closed, full or not read
//! delays no call. Write errors are ignored: `eprintln!` would panic, and a panic inside the panic hook ends the
//! process.

use super::{start_thread, stderr_file::StderrFile};
use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// The most lines that wait for the thread. Further lines are dropped and counted.
const MOST_LINES: usize = 1024;

/// Linux shortens names to 15 bytes.
const THREAD_NAME: &str = "azure-log";

/// The thread only writes, so a small stack is enough, and address space may be limited.
const STACK_SIZE: usize = 128 * 1024;

/// The pause after which a full non-blocking stderr is tried again. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(1);

/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_millis(128);

static STDERR: Lines = Lines::new(start_writer);

/// Queues a line for printing. Never waits, fails or panics.
pub fn print(line: String) {
    STDERR.add(line);
}

/// Waits until all lines are printed, but no longer than `most`: the end of the process would end the thread.
pub fn flush_stderr(most: Duration) {
    STDERR.flush(most);
}

fn start_writer() -> io::Result<()> {
    start_thread(THREAD_NAME, STACK_SIZE, || STDERR.serve(&mut StderrFile::now()))
}

/// The lines that wait for the thread.
struct Lines {
    state: Mutex<State>,
    /// Notified when there is something to write, or when everything is written.
    changed: Condvar,
    /// Starts the thread.
    start: fn() -> io::Result<()>,
}

struct State {
    waiting: VecDeque<Line>,
    /// The number of lines dropped since the last one that was queued.
    dropped: u64,
    has_writer: bool,
    is_writing: bool,
}

#[derive(Default)]
struct Line {
    /// The number of lines dropped before it.
    dropped_before: u64,
    /// Empty if only dropped lines are to be reported.
    text: String,
}

impl Lines {
    const fn new(start: fn() -> io::Result<()>) -> Self {
        let state = State { waiting: VecDeque::new(), dropped: 0, has_writer: false, is_writing: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), start }
    }

    /// If the thread cannot be started, the line waits, and the next line tries again.
    fn add(&self, text: String) {
        let mut state = self.state();
        state.add(text);
        self.ensure_writer(&mut state);
        drop(state);
        self.changed.notify_all();
    }

    fn flush(&self, most: Duration) {
        let mut state = self.state();
        if state.is_idle() {
            return;
        }
        self.ensure_writer(&mut state);
        if state.has_writer {
            drop(self.changed.wait_timeout_while(state, most, |state| !state.is_idle()));
        }
    }

    fn ensure_writer(&self, state: &mut State) {
        if !state.has_writer {
            state.has_writer = (self.start)().is_ok();
        }
    }

    /// Writes queued lines for ever.
    fn serve(&self, sink: &mut impl Write) {
        let mut lost = 0;
        loop {
            let line = self.next();
            lost += line.dropped_before;
            if lost > 0 && write_line(sink, &dropped_lines(lost)).is_ok() {
                lost = 0;
            }
            if !line.text.is_empty() && write_line(sink, &line.text).is_err() {
                lost += 1;
            }
            self.written();
        }
    }

    fn next(&self) -> Line {
        let waited = self.changed.wait_while(self.state(), |state| state.is_empty());
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_writing = true;
        state.take()
    }

    fn written(&self) {
        self.state().is_writing = false;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, text: String) {
        if self.waiting.len() == MOST_LINES {
            self.dropped += 1;
            return;
        }
        let dropped_before = std::mem::take(&mut self.dropped);
        self.waiting.push_back(Line { dropped_before, text });
    }

    fn take(&mut self) -> Line {
        let dropped = &mut self.dropped;
        let only_dropped = || Line { dropped_before: std::mem::take(dropped), text: String::new() };
        self.waiting.pop_front().unwrap_or_else(only_dropped)
    }

    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0
    }

    fn is_idle(&self) -> bool {
        self.is_empty() && !self.is_writing
    }
}

fn dropped_lines(count: u64) -> String {
    format!("azure-client-token warn: {count} lines of the log were dropped, because stderr did not take them in time")
}

/// Writes the line at once if stderr accepts it, so that no other line is mixed into it.
fn write_line(sink: &mut impl Write, text: &str) -> io::Result<()> {
    let line = format!("{text}\n");
    let (mut rest, mut pause) = (line.as_bytes(), FIRST_PAUSE);
    while !rest.is_empty() {
        match sink.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                thread::sleep(pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{atomic::AtomicU32, atomic::Ordering, mpsc, Arc};

    const LONG: Duration = Duration::from_secs(30);

    /// A stderr that gives these answers in order, and then accepts everything.
    struct Sink {
        answers: VecDeque<io::Result<usize>>,
        taken: Arc<Mutex<String>>,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = self.answers.pop_front().unwrap_or(Ok(usize::MAX))?.min(bytes.len());
            self.taken.lock().unwrap().push_str(std::str::from_utf8(&bytes[..count]).unwrap());
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(start: fn() -> io::Result<()>) -> &'static Lines {
        Box::leak(Box::new(Lines::new(start)))
    }

    /// Writes the queued lines to a stderr that gives these answers.
    fn printed(lines: &'static Lines, answers: impl IntoIterator<Item = io::Result<usize>>) -> String {
        let taken = Arc::new(Mutex::default());
        let mut sink = Sink { answers: answers.into_iter().collect(), taken: Arc::clone(&taken) };
        thread::spawn(move || lines.serve(&mut sink));
        lines.flush(LONG);
        let text = taken.lock().unwrap().clone();
        text
    }

    fn failure(kind: io::ErrorKind) -> io::Result<usize> {
        Err(kind.into())
    }

    #[test]
    fn lines_are_printed_in_their_order() {
        let lines = lines(|| Ok(()));
        (0..MOST_LINES).for_each(|number| lines.add(number.to_string()));
        let text = printed(lines, []);
        assert!(text.lines().map(str::to_owned).eq((0..MOST_LINES).map(|number| number.to_string())), "{text}");
    }

    #[test]
    fn lines_without_room_are_counted_and_reported_in_their_place() {
        let lines = lines(|| Ok(()));
        (0..MOST_LINES + 7).for_each(|number| lines.add(number.to_string()));
        let text = printed(lines, []);
        let (_, end) = text.split_once("\n1023\n").unwrap();
        assert_eq!(end, format!("{}\n", dropped_lines(7)));
    }

    #[test]
    fn a_line_after_dropped_ones_says_how_many_were_dropped() {
        let mut state = State { waiting: VecDeque::new(), dropped: 0, has_writer: true, is_writing: false };
        (0..MOST_LINES + 2).for_each(|_| state.add("line".to_owned()));
        state.take();
        state.add("after".to_owned());
        let last = state.waiting.back().unwrap();
        assert_eq!((last.dropped_before, last.text.as_str(), state.dropped), (2, "after", 0));
    }

    #[test]
    fn a_failing_stderr_loses_lines_and_nothing_else() {
        let lines = lines(|| Ok(()));
        for text in ["a", "b", "c"] {
            lines.add(text.to_owned());
        }
        // The second answer is for the line that reports the loss of the first one, the third for the next line.
        let answers = [failure(io::ErrorKind::BrokenPipe), failure(io::ErrorKind::StorageFull), Ok(0)];
        let text = printed(lines, answers);
        assert_eq!(text, format!("{}\nc\n", dropped_lines(2)));
    }

    #[test]
    fn a_stderr_that_is_full_or_interrupted_is_tried_again() {
        let lines = lines(|| Ok(()));
        lines.add("whole".to_owned());
        let full = || failure(io::ErrorKind::WouldBlock);
        assert_eq!(printed(lines, [full(), Ok(2), failure(io::ErrorKind::Interrupted), full(), full()]), "whole\n");
    }

    #[test]
    fn a_thread_that_cannot_be_started_is_tried_again_by_the_next_line() {
        static TRIES: AtomicU32 = AtomicU32::new(0);
        let lines = lines(|| match TRIES.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            _ => Ok(()),
        });
        lines.add("first".to_owned());
        assert!(!lines.state().has_writer);
        lines.add("second".to_owned());
        lines.add("third".to_owned());
        assert_eq!(printed(lines, []), "first\nsecond\nthird\n");
        assert_eq!(TRIES.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_stderr_that_is_not_read_blocks_no_writer() {
        struct Unread(mpsc::Receiver<()>);
        impl Write for Unread {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let _ = self.0.recv();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let lines = lines(|| Ok(()));
        let (reader, unread) = mpsc::channel();
        thread::spawn(move || lines.serve(&mut Unread(unread)));
        (0..2 * MOST_LINES).for_each(|number| lines.add(number.to_string()));
        assert!(lines.state().dropped > 0);
        lines.flush(Duration::from_millis(10));
        assert!(!lines.state().is_idle(), "nothing was read, and it was not waited for");
        drop(reader);
        lines.flush(LONG);
        assert!(lines.state().is_idle());
    }
}
