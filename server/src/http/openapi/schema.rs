use utoipa::openapi::{Object, ObjectBuilder, Type};

/// A text that is one of these words.
pub(in crate::http) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .build()
}

/// A name that the host gave: 1 to 255 characters without control characters.
pub(in crate::http) fn name() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .build()
}
