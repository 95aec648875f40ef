//! What the fake was asked, what it took, and whom it called back.

use crate::parameters::Form;
use crate::request::ApiRequest;
use crate::resource::{Item, Kind, code_in};
use crate::twiml;
use jiff::Timestamp;
use serde::Serialize;

/// One API request and its answer. Passwords are not recorded.
#[derive(Clone, Debug, Serialize)]
pub struct RequestRecord {
    /// When it came, RFC 3339.
    pub at: String,
    /// As in `POST`.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Names and values of the query.
    pub query: Vec<(String, String)>,
    /// The user of HTTP Basic.
    pub user: Option<String>,
    /// Names and values of the form, in their order.
    pub form: Vec<(String, String)>,
    /// The status of the answer; none while there is no answer.
    pub status: Option<u16>,
    /// Twilio's code in the answer.
    pub code: Option<u32>,
    /// What the public description does not allow.
    pub violations: Vec<String>,
}

impl RequestRecord {
    /// The first value of a form parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.form
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A message or a call that was taken, and so may have reached its number.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    /// Its SID.
    pub sid: String,
    /// `sms` or `call`.
    pub channel: &'static str,
    /// To whom.
    pub to: String,
    /// The text of a message.
    pub body: Option<String>,
    /// What a call says.
    pub twiml: Option<String>,
    /// The digits of the code in it.
    pub code: Option<String>,
    /// When it was taken, RFC 3339.
    pub at: String,
    /// Its status.
    pub status: String,
    /// Where its states are reported to.
    pub status_callback: Option<String>,
}

/// A request that the fake made to a webhook.
#[derive(Clone, Debug, Serialize)]
pub struct CallbackRecord {
    /// Where.
    pub url: String,
    /// What with.
    pub form: Vec<(String, String)>,
    /// The status of the answer; none if there was no answer.
    pub status: Option<u16>,
    /// The content type of the answer.
    pub content_type: Option<String>,
    /// The body of the answer.
    pub body: String,
}

/// Names a recorded request.
#[derive(Clone, Copy)]
pub(crate) struct Ticket(usize);

/// All of it, in the order in which it happened.
#[derive(Default)]
pub(crate) struct Journal {
    requests: Vec<RequestRecord>,
    items: Vec<Item>,
    callbacks: Vec<CallbackRecord>,
    /// How many requests were forgotten: a ticket from before must not name a later request.
    forgotten: usize,
}

impl Journal {
    pub(crate) fn receive(&mut self, request: &ApiRequest) -> Ticket {
        self.requests.push(RequestRecord {
            at: Timestamp::now().to_string(),
            method: request.method.to_string(),
            path: request.path.clone(),
            query: request.query.0.clone(),
            user: request.user.clone(),
            form: request.form.0.clone(),
            status: None,
            code: None,
            violations: Vec::new(),
        });
        Ticket(self.forgotten + self.requests.len() - 1)
    }

    /// Notes the answer to a request.
    pub(crate) fn answered(&mut self, ticket: Ticket, status: u16, code: Option<u32>) {
        if let Some(record) = self.record(ticket) {
            record.status = Some(status);
            record.code = code;
        }
    }

    pub(crate) fn violated(&mut self, ticket: Ticket, violation: String) {
        if let Some(record) = self.record(ticket) {
            record.violations.push(violation);
        }
    }

    fn record(&mut self, ticket: Ticket) -> Option<&mut RequestRecord> {
        self.requests.get_mut(ticket.0.checked_sub(self.forgotten)?)
    }

    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.requests.clone()
    }

    pub(crate) fn take(&mut self, item: Item) {
        self.items.push(item);
    }

    pub(crate) fn item(&mut self, resource: Kind, sid: &str) -> Option<&mut Item> {
        self.items
            .iter_mut()
            .find(|item| item.resource == resource && item.sid == sid)
    }

    /// The messages or calls that a list query finds, newest first.
    pub(crate) fn list(&self, resource: Kind, query: &Form) -> Vec<Item> {
        let fits = |name, value: Option<&str>| query.get(name).is_none_or(|wanted| Some(wanted) == value);
        self.items
            .iter()
            .rev()
            .filter(|item| item.resource == resource)
            .filter(|item| fits("To", Some(&item.to)) && fits("From", item.from.as_deref()))
            .filter(|item| fits("Status", Some(&item.status)))
            .cloned()
            .collect()
    }

    /// What may have reached `to`, or anybody, newest first.
    pub(crate) fn sent(&self, to: Option<&str>) -> Vec<Sent> {
        self.items
            .iter()
            .rev()
            .filter(|item| to.is_none_or(|to| item.to == to))
            .map(Sent::from)
            .collect()
    }

    pub(crate) fn called_back(&mut self, record: CallbackRecord) {
        self.callbacks.push(record);
    }

    pub(crate) fn callbacks(&self) -> Vec<CallbackRecord> {
        self.callbacks.clone()
    }

    /// Forgets everything.
    pub(crate) fn forget(&mut self) {
        let forgotten = self.forgotten + self.requests.len();
        *self = Self {
            forgotten,
            ..Self::default()
        };
    }
}

impl From<&Item> for Sent {
    fn from(item: &Item) -> Self {
        let content = item.content.clone();
        let (channel, body, twiml, code) = match item.resource {
            Kind::Messages => {
                let code = content.as_deref().and_then(code_in);
                ("sms", content, None, code)
            }
            Kind::Calls => {
                let code = content.as_deref().and_then(twiml::spoken_code);
                ("call", None, content, code)
            }
        };
        Self {
            sid: item.sid.clone(),
            channel,
            to: item.to.clone(),
            body,
            twiml,
            code,
            at: item.created.to_string(),
            status: item.status.clone(),
            status_callback: item.status_callback.clone(),
        }
    }
}
