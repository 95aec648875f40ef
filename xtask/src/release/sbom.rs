//! The bill of materials, after `CycloneDX` 1.5: every crate that is compiled into the program, or into the wasm within it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::process::{self, cargo};
use crate::tools::WASM;

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    description: Option<String>,
    /// None for what is in this repository.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// A name and a version.
type Named = (String, String);

/// `Cargo.lock`, for the sums of what was downloaded.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The bill as JSON text. It has no time and no random serial number: the same sources make the same bytes.
///
/// # Errors
/// Cargo fails, or says what nobody understands.
pub fn of(paths: &Paths, target: &str) -> Result<Vec<u8>> {
    let mut used = tree(&paths.root, &["--package", "phone-verify", "--target", target])?;
    for features in ["csr", "hydrate"] {
        let arguments = [
            "--package",
            "phone-verify-widget",
            "--target",
            WASM,
            "--no-default-features",
            "--features",
            features,
        ];
        used.extend(tree(&paths.root, &arguments)?);
    }
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    let metadata = process::read(&mut cargo(&paths.root, arguments))?;
    let metadata: Metadata = serde_json::from_str(&metadata).map_err(not_understood)?;
    let lock = std::fs::read_to_string(paths.root.join("Cargo.lock")).unwrap_or_default();
    let lock: Lock = toml::from_str(&lock).map_err(not_understood)?;
    let mut text = serde_json::to_vec_pretty(&bill(&metadata, &used, &lock)).map_err(not_understood)?;
    text.push(b'\n');
    Ok(text)
}

fn not_understood(error: impl std::fmt::Display) -> Error {
    Error::Other(format!("the bill of materials: {error}"))
}

/// What is compiled for a package, without what only its build or its tests need.
fn tree(root: &Path, arguments: &[&str]) -> Result<BTreeSet<Named>> {
    let listed = ["tree", "--locked", "--edges", "normal", "--prefix", "none"];
    let mut command = cargo(root, listed);
    command.args(["--format", "{p}"]).args(arguments);
    let text = process::read(&mut command)?;
    Ok(text.lines().filter_map(named).collect())
}

/// Reads `serde v1.0.228 (proc-macro)`.
fn named(line: &str) -> Option<Named> {
    let mut words = line.split(' ');
    let name = words.next().filter(|name| !name.is_empty())?;
    let version = words.next()?.strip_prefix('v')?;
    Some((name.to_owned(), version.to_owned()))
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn bill(metadata: &Metadata, used: &BTreeSet<Named>, lock: &Lock) -> Value {
    let is_used = |package: &&Package| used.contains(&(package.name.clone(), package.version.clone()));
    let packages: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .filter(is_used)
        .map(|package| (package.id.as_str(), package))
        .collect();
    let sums: BTreeMap<(&str, &str), &str> = lock
        .package
        .iter()
        .filter_map(|locked| Some(((&*locked.name, &*locked.version), locked.checksum.as_deref()?)))
        .collect();
    let is_ours = |package: &&&Package| package.name == "phone-verify";
    let ours = packages.values().find(is_ours);
    let components: BTreeMap<String, Value> = packages
        .values()
        .filter(|package| package.name != "phone-verify")
        .map(|package| (purl(package), component(package, &sums)))
        .collect();
    let dependencies: BTreeMap<String, Value> = metadata
        .resolve
        .nodes
        .iter()
        .filter_map(|node| {
            let reference = purl(packages.get(node.id.as_str())?);
            let on = node
                .dependencies
                .iter()
                .filter_map(|id| packages.get(id.as_str()));
            let on: BTreeSet<String> = on.map(|package| purl(package)).collect();
            Some((reference.clone(), json!({ "ref": reference, "dependsOn": on })))
        })
        .collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": ours.map(|package| {
                let mut component = component(package, &sums);
                component["type"] = json!("application");
                component
            }),
        },
        "components": components.into_values().collect::<Vec<_>>(),
        "dependencies": dependencies.into_values().collect::<Vec<_>>(),
    })
}

fn component(package: &Package, sums: &BTreeMap<(&str, &str), &str>) -> Value {
    let purl = purl(package);
    let mut component = json!({
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "scope": "required",
        "purl": purl,
    });
    if let Some(license) = &package.license {
        // Older crates write `MIT/Apache-2.0`, which is no SPDX expression.
        let expression = license.replace('/', " OR ");
        component["licenses"] = json!([{ "expression": expression }]);
    }
    if let Some(description) = &package.description {
        component["description"] = json!(description.trim());
    }
    let sum = sums.get(&(&*package.name, &*package.version));
    if let Some(sum) = sum.filter(|_| package.source.is_some()) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    fn this_one() -> Value {
        let text = of(&Paths::find().unwrap(), "x86_64-unknown-linux-gnu").unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    #[test]
    fn a_line_of_cargo_tree_is_a_name_and_a_version() {
        let named_as = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(
            named("serde_derive v1.0.228 (proc-macro)"),
            named_as("serde_derive", "1.0.228")
        );
        assert_eq!(
            named("phone-verify v0.1.0 (/x y)"),
            named_as("phone-verify", "0.1.0")
        );
        assert_eq!(named(""), None);
    }

    #[test]
    fn every_part_has_a_name_a_version_a_license_and_a_sum_and_every_reference_leads_somewhere() {
        let bill = this_one();
        assert_eq!(
            (&bill["bomFormat"], &bill["specVersion"]),
            (&json!("CycloneDX"), &json!("1.5"))
        );
        assert_eq!(bill["metadata"]["component"]["name"], "phone-verify");
        let components = bill["components"].as_array().unwrap();
        let mut references: BTreeSet<&str> = ["pkg:cargo/phone-verify@0.1.0"].into();
        for component in components {
            for key in ["type", "bom-ref", "name", "version", "purl"] {
                assert!(component[key].is_string(), "{key} of {component}");
            }
            assert!(component["licenses"][0]["expression"].is_string(), "{component}");
            let is_ours = component["name"].as_str().unwrap().starts_with("phone-verify");
            let sum = component["hashes"][0]["content"].as_str();
            assert!(is_ours || sum.is_some_and(|sum| sum.len() == 64), "{component}");
            assert!(
                references.insert(component["bom-ref"].as_str().unwrap()),
                "twice: {component}"
            );
        }
        for dependency in bill["dependencies"].as_array().unwrap() {
            let on = dependency["dependsOn"].as_array().unwrap();
            for reference in on.iter().chain([&dependency["ref"]]) {
                assert!(references.contains(reference.as_str().unwrap()), "{reference}");
            }
        }
    }

    #[test]
    fn what_is_in_the_program_and_in_its_wasm_is_listed_and_what_only_tests_need_is_not() {
        let bill = this_one();
        let components = bill["components"].as_array().unwrap();
        let names: BTreeSet<&str> = components
            .iter()
            .filter_map(|component| component["name"].as_str())
            .collect();
        for name in [
            "axum",
            "sqlx-core",
            "rlibphonenumber",
            "leptos",
            "gloo-net",
            "phone-verify-app",
        ] {
            assert!(names.contains(name), "{name}");
        }
        for name in ["proptest", "phone-verify-fake-twilio", "xtask"] {
            assert!(!names.contains(name), "{name}");
        }
    }
}
