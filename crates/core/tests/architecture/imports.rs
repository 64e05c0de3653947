//! Reads which modules a source file names: the paths of its `use` declarations and of its expressions.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A module's path from the crate's root: `["transport", "retry"]`.
pub(crate) type Module = Vec<String>;

/// A crate's modules with their code: without comments, and without the tests in them.
pub(crate) struct Modules(BTreeMap<Module, String>);

impl Modules {
    pub(crate) fn below(folder: &Path) -> Self {
        let of_file = |path: PathBuf| {
            let inside = path.strip_prefix(folder).expect("below the folder").with_extension("");
            let mut module: Module = inside.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            module.retain(|name| !matches!(name.as_str(), "mod" | "lib"));
            (module, code(&fs::read_to_string(&path).expect("a readable source")))
        };
        let is_test = |module: &Module| module.iter().any(|name| name.starts_with("tests"));
        Self(rust_files(folder).into_iter().map(of_file).filter(|(module, _)| !is_test(module)).collect())
    }

    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let of_file = |(name, text): &(&str, &str)| {
            (name.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect(), code(text))
        };
        Self(files.iter().map(of_file).collect())
    }

    /// Returns which siblings, in any folder, a module names, directly or by one of their inner modules.
    pub(crate) fn edges_between_siblings(&self) -> BTreeSet<(Module, Module)> {
        let mut edges = BTreeSet::new();
        for (module, text) in &self.0 {
            let targets = paths(module, text).into_iter().map(|path| self.home(&path, 0));
            edges.extend(targets.filter_map(|target| siblings(module, &target)));
        }
        edges
    }

    /// Returns the module that a path names. If a module re-exports the name, returns the module that declares it.
    fn home(&self, path: &[String], steps: usize) -> Module {
        let length = (0..=path.len()).rev().find(|length| self.0.contains_key(&path[..*length]));
        let (module, rest) = path.split_at(length.unwrap_or(0));
        let exported = rest.first().and_then(|name| self.exported(module, name));
        match exported.filter(|_| steps < 4) {
            Some(exported) => self.home(&exported, steps + 1),
            None => module.to_vec(),
        }
    }

    /// Returns the module from which a module re-exports a name.
    fn exported(&self, module: &[String], name: &str) -> Option<Module> {
        let text = self.0.get(module)?;
        let declarations = declarations(text);
        let own = declarations.iter().flat_map(|tree| branches(tree));
        own.map(|path| path.strip_prefix("self::").map_or(path.clone(), str::to_owned))
            .map(|path| module.iter().cloned().chain(path.split("::").map(str::to_owned)).collect::<Module>())
            .find(|path| path.last().is_some_and(|last| last == name) && self.is_inside(path, module.len()))
    }

    fn is_inside(&self, path: &[String], depth: usize) -> bool {
        path.len() > depth + 1 && self.0.contains_key(&path[..=depth])
    }
}

/// Returns the two modules of one folder that these are, or are in, or nothing if one is inside the other.
fn siblings(module: &[String], target: &[String]) -> Option<(Module, Module)> {
    let common = module.iter().zip(target).take_while(|(one, other)| one == other).count();
    let of = |path: &[String]| path.get(..=common).map(<[String]>::to_vec);
    Some((of(module)?, of(target)?))
}

/// Returns the absolute paths that a module names with `crate::`, `super::` or `self::`.
pub(crate) fn paths(module: &[String], text: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::").chain(text.match_indices("super::")) {
        let is_first = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$');
        if is_first {
            found.extend(branches(&text[at..]).iter().filter_map(|path| absolute(module, path)));
        }
    }
    found
}

fn absolute(module: &[String], path: &str) -> Option<Module> {
    let mut base = module.to_vec();
    let mut names = path.split("::").peekable();
    while let Some(first) = names.next_if(|name| matches!(*name, "crate" | "super")) {
        if first == "crate" {
            base.clear();
        } else {
            base.pop()?;
        }
    }
    Some(base.into_iter().chain(names.filter(|name| !matches!(*name, "self" | "*" | "")).map(str::to_owned)).collect())
}

/// Returns what the `use` declarations name, without the `use`.
fn declarations(text: &str) -> Vec<&str> {
    let starts = text.match_indices("use ").filter(|(at, _)| {
        let before = text[..*at].trim_end_matches(' ');
        before.is_empty() || before.ends_with(['\n', ')']) || before.ends_with("pub")
    });
    starts.map(|(at, found)| &text[at + found.len()..]).collect()
}

/// Returns the paths in a tree: `a::{b, c::{d, e}}` has three. It ends with the path at the beginning of the text.
fn branches(text: &str) -> Vec<String> {
    let stem: String = text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '*')).collect();
    let Some(list) = text[stem.len()..].strip_prefix('{').filter(|_| stem.ends_with("::")) else {
        return vec![stem.trim_end_matches(':').to_owned()];
    };
    listed(list).iter().flat_map(|item| branches(item)).map(|branch| format!("{stem}{branch}")).collect()
}

/// Returns the items of a braced list, without its opening brace.
fn listed(list: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut items = vec![String::new()];
    for character in list.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        match character {
            _ if depth < 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            other => items.last_mut().expect("one at least").push(other),
        }
    }
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// Returns a source without its comments and without the tests at its end.
pub(crate) fn code(text: &str) -> String {
    let product = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = product.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
