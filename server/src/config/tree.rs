//! The settings as one tree, whatever they were written in.
//!
//! A file and the environment are merged here, and every struct of this folder is read from the result. A leaf that came
//! from a variable is text until it is asked for something: then it is read as that number, truth value or list. No error
//! of this module repeats a value, for it may be a secret.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeSeed, Expected, IntoDeserializer, Unexpected, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A setting, or a table of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Settings by their names; with names 0, 1, 2, … also a list.
    Table(BTreeMap<String, Node>),
    /// Several of one kind.
    List(Vec<Node>),
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point.
    Float(f64),
    /// Text.
    Text(String),
    /// The text of an environment variable.
    Variable {
        /// The variable.
        name: String,
        /// Its value.
        text: String,
    },
}

impl Node {
    /// A table without settings.
    pub(super) fn empty() -> Self {
        Self::Table(BTreeMap::new())
    }

    /// Puts `over` on top: its leaves win, its tables are merged, its numbered tables go into lists by position.
    pub(super) fn merge(self, over: Self) -> Self {
        match (self, over) {
            (Self::List(base), Self::Table(over)) => {
                let numbered = base
                    .into_iter()
                    .enumerate()
                    .map(|(index, node)| (index.to_string(), node))
                    .collect();
                Self::Table(numbered).merge(Self::Table(over))
            }
            (Self::Table(mut base), Self::Table(over)) => {
                for (name, node) in over {
                    let merged = match base.remove(&name) {
                        Some(below) => below.merge(node),
                        None => node,
                    };
                    base.insert(name, merged);
                }
                Self::Table(base)
            }
            (_, over) => over,
        }
    }

    /// Puts `leaf` at `path`, making the tables that lead there.
    ///
    /// # Errors
    /// The name on the way that is a value and no table.
    pub(super) fn insert(&mut self, path: &[&str], leaf: Self) -> Result<(), String> {
        let Self::Table(table) = self else {
            return Err("a value stands where settings are expected".to_owned());
        };
        match path {
            [] => Err("a setting needs a name".to_owned()),
            [last] => match table.insert((*last).to_owned(), leaf) {
                None => Ok(()),
                Some(_) => Err(format!("`{last}` is given as a value and as a table")),
            },
            [first, rest @ ..] => table
                .entry((*first).to_owned())
                .or_insert_with(Self::empty)
                .insert(rest, leaf)
                .map_err(|error| format!("`{first}`: {error}")),
        }
    }

    /// What stands at a dotted path. Lists are entered by number.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, name| match node {
            Self::Table(table) => table.get(name),
            Self::List(list) => list.get(name.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The elements of a list, however it was written.
    fn into_list(self) -> Result<Vec<Self>, TreeError> {
        match self {
            Self::List(list) => Ok(list),
            Self::Table(mut table) => (0..table.len())
                .map(|index| {
                    table.remove(&index.to_string()).ok_or_else(|| {
                        TreeError(format!("expected a list numbered from 0, but {index} is missing"))
                    })
                })
                .collect(),
            Self::Variable { name, text } => Ok(text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Self::Variable {
                    name: name.clone(),
                    text: part.to_owned(),
                })
                .collect()),
            other => Err(other.mismatch(&"a list")),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::List(_) => "a list",
            Self::Bool(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number with a point",
            Self::Text(_) => "text",
            Self::Variable { .. } => "something else",
        }
    }

    fn mismatch(&self, expected: &dyn Expected) -> TreeError {
        TreeError(format!("expected {expected}, found {}", self.kind()))
    }
}

impl From<toml::Value> for Node {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::Text(text),
            toml::Value::Integer(number) => Self::Integer(number),
            toml::Value::Float(number) => Self::Float(number),
            toml::Value::Boolean(truth) => Self::Bool(truth),
            toml::Value::Datetime(moment) => Self::Text(moment.to_string()),
            toml::Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            toml::Value::Table(table) => table.into(),
        }
    }
}

impl From<toml::Table> for Node {
    fn from(table: toml::Table) -> Self {
        Self::Table(
            table
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
        )
    }
}

/// Why a tree does not hold what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TreeError(String);

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TreeError {}

impl de::Error for TreeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Bool(_) => "true or false",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
            Unexpected::Float(_) => "a number with a point",
            Unexpected::Str(_) | Unexpected::Char(_) => "text",
            Unexpected::Seq => "a list",
            Unexpected::Map => "a table",
            _ => "something else",
        };
        Self(format!("expected {expected}, found {found}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }
}

/// Reads the text of a variable as what is asked for.
macro_rules! read_leaf {
    ($($method:ident $type:ty, $expected:literal;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
            match self {
                Node::Variable { name, text } => match text.trim().parse::<$type>() {
                    Ok(value) => visitor.visit(value),
                    Err(_) => Err(TreeError(format!("expected {} in {name}", $expected))),
                },
                other => other.deserialize_any(visitor),
            }
        }
    )+};
}

/// One name for the visitor's methods, so that a macro can be written over them.
trait Visit<'de>: Visitor<'de> + Sized {
    fn visit<T: Leaf>(self, value: T) -> Result<Self::Value, TreeError> {
        value.hand_to(self)
    }
}

impl<'de, V: Visitor<'de>> Visit<'de> for V {}

trait Leaf {
    fn hand_to<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError>;
}

impl Leaf for bool {
    fn hand_to<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        visitor.visit_bool(self)
    }
}

impl Leaf for i64 {
    fn hand_to<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        visitor.visit_i64(self)
    }
}

impl Leaf for f64 {
    fn hand_to<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        visitor.visit_f64(self)
    }
}

impl<'de> de::Deserializer<'de> for Node {
    type Error = TreeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        match self {
            Self::Table(table) => visitor.visit_map(MapDeserializer::new(table.into_iter())),
            Self::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Bool(truth) => visitor.visit_bool(truth),
            Self::Integer(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
            Self::Text(text) => visitor.visit_string(text),
            Self::Variable { name, text } => visitor
                .visit_string(text)
                .map_err(|TreeError(error)| TreeError(format!("{error} (given by {name})"))),
        }
    }

    read_leaf! {
        deserialize_bool bool, "true or false";
        deserialize_i8 i64, "a whole number";
        deserialize_i16 i64, "a whole number";
        deserialize_i32 i64, "a whole number";
        deserialize_i64 i64, "a whole number";
        deserialize_u8 i64, "a whole number";
        deserialize_u16 i64, "a whole number";
        deserialize_u32 i64, "a whole number";
        deserialize_u64 i64, "a whole number";
        deserialize_f32 f64, "a number";
        deserialize_f64 f64, "a number";
    }

    /// An empty variable counts as not given, where a setting may be left out.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        match self {
            Self::Variable { text, .. } if text.is_empty() => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        visitor.visit_seq(SeqDeserializer::new(self.into_list()?.into_iter()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TreeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TreeError> {
        match self {
            Self::Text(text) | Self::Variable { text, .. } => visitor.visit_enum(text.into_deserializer()),
            other => Err(other.mismatch(&"a word")),
        }
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, TreeError> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads `seed`'s type and says, where it fails, at which dotted path.
pub(super) fn read<'de, S: DeserializeSeed<'de>>(node: Node, seed: S) -> Result<S::Value, String> {
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(node, &mut track);
    seed.deserialize(tracked).map_err(|error| {
        let path = track.path().to_string();
        if path == "." {
            error.to_string()
        } else {
            format!("{path}: {error}")
        }
    })
}
