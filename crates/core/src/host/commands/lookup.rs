//! Finds the file of a program by its name, and checks the arguments that may be passed to it. The rules for Windows
//! are plain functions, so that tests run them on every platform.

use super::{Command, CommandFailure};
use crate::types::Resource;
use std::{
    fs::Metadata,
    io,
    path::{Path, PathBuf},
};

/// The extensions that Windows can start, in the order of its default `PATHEXT`. A file without an extension is not a
/// program there: beside `az.cmd` there is an `az` for Unix-like shells.
const WINDOWS_EXTENSIONS: [&str; 4] = ["com", "exe", "bat", "cmd"];

/// Returns a program's absolute path if it is named by a path. A name stays as it is.
pub(crate) fn program_path(program: &str) -> String {
    if is_path(Path::new(program)) {
        absolute_path(program)
    } else {
        program.to_owned()
    }
}

/// Returns the absolute path in the working folder of this moment, which the process may change.
pub(crate) fn absolute_path(path: &str) -> String {
    let absolute = std::path::absolute(path).ok().filter(|_| !Path::new(path).is_absolute());
    absolute.and_then(|path| path.into_os_string().into_string().ok()).unwrap_or_else(|| path.to_owned())
}

fn is_path(program: &Path) -> bool {
    program.components().count() > 1
}

/// Returns the program's file. Only the absolute folders of `PATH` are searched, never the current folder, which any
/// user may own. The search skips a folder that the user may not read, as `execvp` does, and a folder that its disk or
/// server does not return. If no other folder contains the program, that failure is the error, not the absence of the
/// program. If the machine lacks a resource, the search ends.
pub(super) fn found(command: &Command) -> Result<PathBuf, CommandFailure> {
    let program = Path::new(&command.program);
    let names = file_names(&command.program, cfg!(windows));
    let candidates = if is_path(program) {
        names.iter().map(PathBuf::from).collect::<Vec<_>>()
    } else {
        let path = command.environment.var("PATH").unwrap_or_default();
        let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
        folders.flat_map(|folder| names.iter().map(move |name| folder.join(name))).collect()
    };
    let path = first_program(candidates)?;
    match batch_refusal(&path, command) {
        Some(refusal) => Err(CommandFailure::UnsafeArgument(refusal)),
        None => Ok(path),
    }
}

fn first_program(candidates: Vec<PathBuf>) -> Result<PathBuf, CommandFailure> {
    let mut unknown = None;
    for path in candidates {
        match is_program(path.metadata()) {
            Ok(true) => return Ok(path),
            Ok(false) => {}
            Err(failure @ CommandFailure::NotStarted(_)) => unknown = unknown.or(Some(failure)),
            Err(shortage) => return Err(shortage),
        }
    }
    Err(unknown.unwrap_or(CommandFailure::NotFound))
}

/// Returns whether a file with this metadata is a program. If a disk or a server does not answer, that is not an
/// absence: the program may exist.
fn is_program(found: io::Result<Metadata>) -> Result<bool, CommandFailure> {
    match found {
        Ok(found) => Ok(found.is_file() && is_executable(&found)),
        Err(error) => match Resource::of(&error) {
            Some(shortage) => Err(CommandFailure::Shortage(shortage, error.to_string())),
            None if is_absence(&error) => Ok(false),
            None => Err(CommandFailure::NotStarted(error.to_string())),
        },
    }
}

/// On Windows, every error of a folder in the path, such as an empty drive, counts as an absence.
fn is_absence(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied};
    let absent = [NotFound, NotADirectory, PermissionDenied, InvalidFilename, InvalidInput];
    cfg!(windows) || absent.contains(&error.kind()) || is_loop(error)
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_loop(_: &io::Error) -> bool {
    false
}

/// Returns the file names that a program may have.
fn file_names(program: &str, is_windows: bool) -> Vec<String> {
    let has_extension = WINDOWS_EXTENSIONS
        .iter()
        .any(|known| Path::new(program).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known)));
    if !is_windows || has_extension {
        return vec![program.to_owned()];
    }
    WINDOWS_EXTENSIONS.iter().map(|extension| format!("{program}.{extension}")).collect()
}

/// cmd.exe reads batch files, and looks for variables, quotes and operators in their arguments. The standard library
/// would escape them; no tool here needs such characters, so they are refused.
fn batch_refusal(path: &Path, command: &Command) -> Option<String> {
    let is_batch =
        path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("cmd") || kind.eq_ignore_ascii_case("bat"));
    let is_special = |character: char| character.is_control() || "%!^&|<>\"".contains(character);
    let place = command.arguments.iter().position(|argument| argument.expose().contains(is_special))?;
    is_batch.then(|| format!("argument {} has a character that is special to cmd.exe", place + 1))
}

#[cfg(unix)]
fn is_executable(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o111 != 0
}

/// On Windows only the extension decides, which [`file_names`] has chosen.
#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{host::Environment, types::Secret};
    use std::time::Duration;

    fn command(program: &str, path: &str, arguments: &[&str]) -> Command {
        Command {
            program: program.to_owned(),
            arguments: arguments.iter().map(|argument| Secret::new(*argument)).collect(),
            timeout: Duration::from_secs(10),
            environment: Environment::from([("PATH", path)]),
            folder: None,
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shortage_does_not_make_a_program_absent() {
        use rustix::io::Errno;
        let failed = |error: Errno| is_program(Err(io::Error::from_raw_os_error(error.raw_os_error())));
        for shortage in [Errno::NOMEM, Errno::NFILE, Errno::MFILE] {
            assert!(matches!(failed(shortage), Err(CommandFailure::Shortage(..))), "{shortage:?}");
        }
        for other in [Errno::NOENT, Errno::NOTDIR, Errno::ACCESS, Errno::LOOP, Errno::NAMETOOLONG] {
            assert_eq!(failed(other), Ok(false), "{other:?}");
        }
        for silent in [Errno::IO, Errno::STALE, Errno::TIMEDOUT, Errno::NOTCONN, Errno::HOSTDOWN, Errno::NODEV] {
            assert!(matches!(failed(silent), Err(CommandFailure::NotStarted(_))), "{silent:?}");
        }
    }

    #[test]
    fn windows_tries_its_extensions_and_nothing_without_one() {
        assert_eq!(file_names("az", true), ["az.com", "az.exe", "az.bat", "az.cmd"]);
        assert_eq!(file_names("az.CMD", true), ["az.CMD"]);
        assert_eq!(file_names("tool.v2", true).len(), 4);
        assert_eq!(file_names("az", false), ["az"]);
    }

    #[test]
    fn cmd_exe_gets_no_argument_that_it_would_read() {
        let refusal = |path: &str, argument| batch_refusal(Path::new(path), &command("az", "", &["account", argument]));
        for argument in ["%PATH%", "a&b", "a|b", "\"", "a\nb", "!x!", "^", "<", ">"] {
            assert!(refusal("az.cmd", argument).is_some_and(|text| text.starts_with("argument 2")), "{argument}");
            assert_eq!(refusal("az.exe", argument), None);
        }
        assert_eq!(refusal("az.CMD", "https://management.azure.com//.default"), None);
        assert!(refusal("az.BAT", "%X%").is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_an_executable_file_in_an_absolute_folder_of_the_path() {
        assert_eq!(found(&command("sh", "/nowhere:/bin", &[])), Ok(PathBuf::from("/bin/sh")));
        assert_eq!(found(&command("/bin/sh", "", &[])), Ok(PathBuf::from("/bin/sh")));
        for (program, path) in [("sh", ""), ("sh", "/nowhere"), ("passwd", "/etc"), ("src", env!("CARGO_MANIFEST_DIR"))]
        {
            assert_eq!(found(&command(program, path, &[])), Err(CommandFailure::NotFound), "{program} on {path}");
        }
    }

    /// The entries are a file, a link to itself, and a folder that only its owner may read. This process is not the
    /// owner unless it runs as root.
    #[cfg(unix)]
    #[test]
    fn an_unreadable_entry_of_the_path_is_skipped() {
        use std::os::unix::fs::{symlink, PermissionsExt};
        let folder = std::env::temp_dir().join(format!("azure-client-token-{}-path", std::process::id()));
        let (circle, closed) = (folder.join("circle"), folder.join("closed"));
        std::fs::create_dir_all(&closed).unwrap();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
        symlink(&circle, &circle).unwrap();
        let path = format!("/etc/passwd:{}:{}:{}:/bin", circle.display(), closed.display(), "/x".repeat(3000));
        assert_eq!(found(&command("sh", &path, &[])), Ok(PathBuf::from("/bin/sh")));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(windows)]
    #[test]
    fn a_program_is_a_file_with_one_of_the_extensions_in_an_absolute_folder_of_the_path() {
        let system = r"C:\windows\system32";
        let lower = |found: Result<PathBuf, _>| found.map(|path| path.display().to_string().to_lowercase());
        let command_prompt = Ok(r"c:\windows\system32\cmd.exe".to_owned());
        assert_eq!(lower(found(&command("cmd", &format!(r"C:\nowhere;{system}"), &[]))), command_prompt);
        assert_eq!(lower(found(&command(r"C:\windows\system32\cmd", "", &[]))), command_prompt);
        for (program, path) in [("cmd", ""), ("cmd", "."), ("drivers", system)] {
            assert_eq!(found(&command(program, path, &[])), Err(CommandFailure::NotFound), "{program} on {path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_relative_folder_of_the_path_is_skipped() {
        // The test runs in the package's folder, from which this path leads to the root.
        let to_the_root = "../".repeat(30);
        assert!(Path::new(&format!("{to_the_root}bin/sh")).exists());
        assert_eq!(found(&command("sh", &format!("{to_the_root}bin:."), &[])), Err(CommandFailure::NotFound));
    }
}
