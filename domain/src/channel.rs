crate::view::words! {
    /// How a code travels.
    pub enum Channel {
        /// A text message.
        Sms = "sms",
        /// A voice call that speaks the digits.
        Call = "call",
    }
}
