//! Checks that there are no circles: of two modules in one folder at most one depends on the other, directly or
//! indirectly.
//!
//! A folder's own file (`mod.rs`, or the file with its name) is its front: the modules inside may use what the front
//! declares, and the front combines the modules inside.

use super::imports::{Module, Modules};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

#[test]
fn no_modules_of_the_core_depend_on_each_other() {
    assert_no_circle(&Modules::below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")));
}

#[test]
fn no_modules_of_the_binding_depend_on_each_other() {
    assert_no_circle(&Modules::below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src")));
}

#[test]
fn the_test_finds_circles() {
    let found =
        |files: &[(&str, &str)]| circle(&Modules::of(files).edges_between_siblings()).map(|circle| circle.len());
    assert_eq!(found(&[("a", "use crate::b::B;"), ("b", "use super::a::A;")]), Some(2), "of two rooms");
    assert_eq!(found(&[("a", "use crate::b::B;"), ("b", "//! use super::a::A;")]), None, "a comment names it");
    assert_eq!(
        found(&[
            ("a", ""),
            ("a::b", "use super::{c, X};"),
            ("a::c", "let x = super::d::f();"),
            ("a::d", "use crate::a::b;")
        ]),
        Some(3)
    );
    assert_eq!(
        found(&[("a::b", "use super::{x::{y, z}, c::D};"), ("a::c::d", "use super::super::b::E;"), ("a::c", "")]),
        Some(2),
        "in a folder"
    );
    let exported = ("a", "mod b;\npub(crate) use b::{B, C};");
    assert_eq!(
        found(&[exported, ("a::b", "use super::c;"), ("a::c", "use super::B;")]),
        Some(2),
        "by the front's name"
    );
    assert_eq!(
        found(&[("a", "use b::f;\nstruct A;"), ("a::b", "use super::A;"), ("a::c", "use super::A;")]),
        None,
        "the front"
    );
    let tests = "#[cfg(test)]\nmod tests { use super::super::b::B; }";
    assert_eq!(found(&[("a", tests), ("b", "use super::a::A;")]), None, "tests may use everything");
}

fn assert_no_circle(modules: &Modules) {
    let edges = modules.edges_between_siblings();
    assert!(edges.len() > 5, "the test reads no imports any more: {edges:?}");
    if let Some(circle) = circle(&edges) {
        let names: Vec<_> = circle.iter().map(|module| module.join("::")).collect();
        panic!(
            "these modules need each other: {}. Move what several need into a module of its own",
            names.join(" -> ")
        );
    }
}

/// Returns the first circle, if there is one. Modules on no circle are removed until nothing or a circle is left.
fn circle(edges: &BTreeSet<(Module, Module)>) -> Option<Vec<Module>> {
    let mut needed: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for (module, other) in edges {
        needed.entry(module).or_default().insert(other);
    }
    loop {
        let is_free = |others: &BTreeSet<&Module>| !others.iter().any(|other| needed.contains_key(other));
        let free: Vec<_> = needed.iter().filter(|(_, others)| is_free(others)).map(|(module, _)| *module).collect();
        if free.is_empty() {
            return walk(&needed);
        }
        needed.retain(|module, _| !free.contains(module));
    }
}

/// Follows the first dependency of each module until one occurs again.
fn walk(needed: &BTreeMap<&Module, BTreeSet<&Module>>) -> Option<Vec<Module>> {
    let mut way: Vec<&Module> = vec![needed.keys().next()?];
    loop {
        let next = needed[way.last()?].iter().find(|other| needed.contains_key(*other))?;
        if let Some(start) = way.iter().position(|module| module == next) {
            return Some(way[start..].iter().map(|module| (*module).clone()).collect());
        }
        way.push(next);
    }
}
