//! What was measured, against what must be reached.

use crate::load::{Phase, Phases};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Run {
    /// When.
    pub at: String,
    /// The machine's load before it: with others at work every figure is worse.
    pub load: String,
    pub sqlite: Pair,
    pub postgres: Option<Pair>,
    /// The server on an empty database and on one with old rows, in the same minutes.
    pub old_rows: Option<OldRows>,
    pub idle_mib: f64,
    pub loaded_mib: f64,
    pub cold_start_ms: f64,
    pub binary_mb: f64,
}

/// The same load on both programs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pair {
    pub product: Phases,
    pub bare: Phases,
}

/// What old rows change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OldRows {
    pub rows: u32,
    pub none: Closed,
    pub many: Closed,
    /// By what starts were slower in each turn, where both were measured one after the other: the median.
    pub starts_slower_by: f64,
    /// The same of checks.
    pub checks_slower_by: f64,
}

/// Starts and checks in a closed loop.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Closed {
    pub start: Phase,
    pub check: Phase,
}

/// A line of the table.
pub struct Line {
    what: String,
    measured: f64,
    unit: &'static str,
    /// The measured value by the bare program's.
    ratio: Option<f64>,
    must: &'static str,
    reached: bool,
}

impl Run {
    /// The table's lines.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        lines.extend(pair("SQLite FULL", &self.sqlite));
        if let Some(postgres) = &self.postgres {
            lines.extend(pair("PostgreSQL", postgres));
        }
        let commit = |phase: &Phase| phase.per_commit.unwrap_or_default();
        for (what, product, bare) in [
            ("starts", &self.sqlite.product.start, &self.sqlite.bare.start),
            ("checks", &self.sqlite.product.check, &self.sqlite.bare.check),
        ] {
            let (mine, theirs) = (commit(product), commit(bare));
            lines.push(Line {
                what: format!("SQLite FULL: operations a commit, {what}"),
                measured: mine,
                unit: "",
                ratio: Some(mine / theirs),
                must: "≥ 0.8× bare",
                reached: mine >= 0.8 * theirs,
            });
        }
        if let Some(old) = &self.old_rows {
            for (what, slower) in [("starts", old.starts_slower_by), ("checks", old.checks_slower_by)] {
                lines.push(Line {
                    what: format!("{} old rows against none: {what} slower by", old.rows),
                    measured: slower,
                    unit: "×",
                    ratio: None,
                    must: "≤ 1.1×",
                    reached: slower <= 1.1,
                });
            }
        }
        lines.extend(self.sizes());
        lines
    }

    fn sizes(&self) -> Vec<Line> {
        let line = |what: &str, measured, unit, most: f64, must| Line {
            what: what.to_owned(),
            measured,
            unit,
            ratio: None,
            must,
            reached: measured <= most,
        };
        vec![
            line("memory (PSS), idle", self.idle_mib, "MiB", 20.0, "≤ 20 MiB"),
            line(
                "memory (PSS), under load, every region's numbers seen",
                self.loaded_mib,
                "MiB",
                32.0,
                "≤ 32 MiB",
            ),
            line(
                "cold start to the first 200",
                self.cold_start_ms,
                "ms",
                200.0,
                "≤ 200 ms",
            ),
            line("the binary", self.binary_mb, "MB", 20.0, "≤ 20 MB"),
        ]
    }

    /// The table, with what an earlier run came to.
    pub fn table(&self, before: Option<&Run>) -> String {
        let mut text = format!(
            "{}, load {} before\n\n| what | measured | against bare | must reach | reached | last run |\n\
             | --- | --- | --- | --- | --- | --- |\n",
            self.at, self.load
        );
        let before = before.map(Run::lines).unwrap_or_default();
        for line in self.lines() {
            let last = before.iter().find(|last| last.what == line.what);
            let last = last
                .map(|last| shown(last.measured, last.unit))
                .unwrap_or_default();
            let ratio = line.ratio.map(|ratio| format!("{ratio:.2}×")).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "| {} | {} | {ratio} | {} | {} | {last} |",
                line.what,
                shown(line.measured, line.unit),
                line.must,
                if line.reached { "yes" } else { "**no**" }
            );
        }
        text
    }

    /// How many requests failed.
    pub fn failed(&self) -> u64 {
        let all = [Some(&self.sqlite), self.postgres.as_ref()];
        let phases = all
            .into_iter()
            .flatten()
            .flat_map(|pair| [&pair.product, &pair.bare]);
        let beside_old_rows = self.old_rows.iter().flat_map(|old| [&old.none, &old.many]);
        phases
            .flat_map(|phases| {
                [
                    &phases.start,
                    &phases.check,
                    &phases.open_start,
                    &phases.open_check,
                ]
            })
            .chain(beside_old_rows.flat_map(|closed| [&closed.start, &closed.check]))
            .map(|phase| phase.failed)
            .sum()
    }
}

fn shown(value: f64, unit: &str) -> String {
    let digits = if value.abs() < 10.0 { 2 } else { 0 };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

fn pair(engine: &str, pair: &Pair) -> Vec<Line> {
    let (mine, bare) = (&pair.product, &pair.bare);
    let rate = |what, product: &Phase, bare: &Phase| Line {
        what: format!("{engine}: {what} a second"),
        measured: product.per_second,
        unit: "",
        ratio: Some(product.per_second / bare.per_second),
        must: "≥ 0.5× bare",
        reached: product.per_second >= 0.5 * bare.per_second,
    };
    let cpu = |what, product: &Phase, bare: &Phase, most: f64, must| Line {
        what: format!("{engine}: CPU a {what}"),
        measured: product.cpu_us,
        unit: "µs",
        ratio: Some(product.cpu_us / bare.cpu_us),
        must,
        reached: product.cpu_us <= 1.8 * bare.cpu_us || product.cpu_us <= most,
    };
    let late = |what, product: &Phase, bare: &Phase| Line {
        what: format!("{engine}: p99 of {what} in the open loop"),
        measured: product.p99_ms,
        unit: "ms",
        ratio: Some(product.p99_ms / bare.p99_ms),
        must: "≤ 2× bare, or 10 ms",
        reached: product.p99_ms <= 2.0 * bare.p99_ms || product.p99_ms <= 10.0,
    };
    vec![
        rate("starts", &mine.start, &bare.start),
        rate("checks", &mine.check, &bare.check),
        cpu("start", &mine.start, &bare.start, 200.0, "≤ 1.8× bare, or 200 µs"),
        cpu("check", &mine.check, &bare.check, 100.0, "≤ 1.8× bare, or 100 µs"),
        late("starts", &mine.open_start, &bare.open_start),
        late("checks", &mine.open_check, &bare.open_check),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_it_is_reached_against_the_same_runs_bare_program() {
        let phase = |per_second, cpu_us| Phase {
            per_second,
            cpu_us,
            p99_ms: 20.0,
            ..Phase::default()
        };
        let mut run = Run::default();
        run.sqlite.bare.start = phase(1_000.0, 150.0);
        run.sqlite.product.start = phase(499.0, 199.0);
        let table = run.table(None);
        let line = |what: &str| {
            let mut lines = table.lines();
            lines.find(|line| line.contains(what)).unwrap().to_owned()
        };
        assert!(
            line("starts a second").contains("0.50× | ≥ 0.5× bare | **no**"),
            "{table}"
        );
        assert!(line("CPU a start").contains("1.33×"), "{table}");
        assert!(line("CPU a start").contains("| yes |"), "{table}");
        run.sqlite.product.start = phase(501.0, 271.0);
        let table = run.table(None);
        assert!(
            table.contains("| SQLite FULL: starts a second | 501 | 0.50× | ≥ 0.5× bare | yes |"),
            "{table}"
        );
        assert!(
            table.contains("| SQLite FULL: CPU a start | 271 µs | 1.81× | ≤ 1.8× bare, or 200 µs | **no** |"),
            "{table}"
        );
    }
}
