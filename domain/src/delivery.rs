crate::view::words! {
    /// What has become of one sending of the code.
    ///
    /// ```text
    /// sending -> accepted -> delivered | undelivered
    ///         -> rejected | not_sent | unknown -> accepted | delivered | undelivered
    /// ```
    pub enum DeliveryState {
        /// The intent is written; the provider has not answered yet.
        Sending = "sending",
        /// The provider took the message.
        Accepted = "accepted",
        /// The provider reports that it arrived.
        Delivered = "delivered",
        /// The provider reports that it did not arrive.
        Undelivered = "undelivered",
        /// The provider refused it; nothing was sent.
        Rejected = "rejected",
        /// It surely never left; its slot was given back.
        NotSent = "not_sent",
        /// It may or may not have left; it is never sent again by itself.
        Unknown = "unknown",
    }
}

crate::view::words! {
    /// Why a delivery failed, as far as the user can be told.
    pub enum DeliveryReason {
        /// The phone could not be reached.
        Unreachable = "unreachable",
        /// The number cannot receive text messages.
        NotTextable = "not_textable",
        /// The owner asked not to get messages.
        OptedOut = "opted_out",
        /// The provider blocks the number.
        Blocked = "blocked",
        /// A carrier filtered the message.
        Filtered = "filtered",
        /// The provider does not serve the country.
        NotServed = "not_served",
        /// The line was busy.
        Busy = "busy",
        /// Nobody answered the call.
        NoAnswer = "no_answer",
        /// The sender itself is at fault.
        Sender = "sender",
    }
}
