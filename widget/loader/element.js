// <phone-verify>: keeps one widget in the page while it is connected, the form's field, and the page informed.

import { ATTRIBUTES, DEFAULT_NAME, options } from "./attributes.js";
import { failure, skeleton, waiting } from "./draw.js";
import { start } from "./start.js";
import { FIRST, style } from "./style.js";
import { own, wordsFor } from "./words.js";

let count = 0;

// The names under which widgets of this page keep things in the tab's storage.
const places = new Set();

export class PhoneVerifyElement extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  // What belongs to one connection; null while there is none.
  #connection = null;
  #state = "loading";
  #token = "";
  #callback = null;
  #changed = false;

  // The id by which `render` knows the element around this one.
  place = "";

  get state() {
    return this.#state;
  }

  get token() {
    return this.#token;
  }

  // Frameworks set what is both an attribute and a property as a property.
  set token(value) {
    this.toggleAttribute("token", value != null);
    if (value != null) {
      this.setAttribute("token", value);
    }
  }

  get callback() {
    return this.#callback ?? this.getAttribute("callback");
  }

  set callback(value) {
    if (typeof value === "function" || value == null) {
      this.#callback = value;
    } else {
      this.setAttribute("callback", value);
    }
  }

  connectedCallback() {
    // Moved within the page: the widget goes on.
    if (!this.#connection) {
      this.#connect();
    }
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) {
        this.#disconnect();
      }
    });
  }

  attributeChangedCallback(name) {
    const connection = this.#connection;
    if (!connection) {
      return;
    }
    if (name === "name") {
      connection.field.name = this.#name();
    } else if (name !== "callback" && name !== "shadow" && !this.#changed) {
      // Attributes are mostly set several at once.
      this.#changed = true;
      queueMicrotask(() => {
        this.#changed = false;
        this.#configure(this.#connection);
      });
    }
  }

  reset() {
    this.#connection?.handle?.reset();
  }

  focus() {
    this.#connection?.handle?.focus();
  }

  remove() {
    this.empty();
    super.remove();
  }

  // Takes the widget away and leaves the element where it is.
  empty() {
    this.#disconnect();
    this.replaceChildren();
  }

  #name() {
    return this.getAttribute("name") || DEFAULT_NAME;
  }

  // Another language takes over once its words are there; all else that was changed does not wait for it.
  async #configure(connection) {
    if (!connection?.handle) {
      return;
    }
    connection.handle.configure(this.#options(connection));
    await this.#learn(connection);
    if (connection === this.#connection) {
      connection.handle?.configure(this.#options(connection));
    }
  }

  // Gets the words of the element's language, which may change meanwhile.
  async #learn(connection) {
    let { locale } = options(this);
    while (connection.language?.locale !== locale) {
      connection.language = { locale, words: await wordsFor(locale) };
      ({ locale } = options(this));
    }
  }

  #options({ id, place, language }) {
    return { ...options(this), id, slot: place, ...language };
  }

  #connect() {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = this.#name();
    field.autocomplete = "off";
    const tree = this.getRootNode();
    const connection = { id: `pv${++count}`, place: this.#place(tree), field, handle: null };
    connection.inside = this.hasAttribute("shadow") ? (this.shadowRoot ?? this.attachShadow({ mode: "open" })) : this;
    connection.forget = this.#watchForm(tree, field);
    this.#connection = connection;
    this.#token = "";
    this.replaceChildren(field);
    this.#setState("loading");
    this.#begin(connection);
  }

  // The element's id, else its name, else its place among the others, told apart where that is taken.
  #place(tree) {
    const order = [...tree.querySelectorAll("phone-verify")].indexOf(this);
    let place = this.place || this.id || this.getAttribute("name") || String(order);
    while (places.has(place)) {
      place += "+";
    }
    places.add(place);
    return place;
  }

  #watchForm(tree, field) {
    const onReset = (event) => {
      if (event.target === field.form && !event.defaultPrevented) {
        this.reset();
      }
    };
    tree.addEventListener("reset", onReset);
    return () => tree.removeEventListener("reset", onReset);
  }

  async #begin(connection) {
    const told = this.#options(connection);
    const tree = connection.inside === this ? this.getRootNode() : connection.inside;
    style(tree, FIRST);
    const started = start();
    // A failure is reported below, where it is waited for.
    started.catch(() => {});
    if (wordsFor(told.locale)) {
      // Nothing in a language that is not the page's.
      this.#show(connection, skeleton(told));
      await this.#learn(connection);
      if (connection !== this.#connection) {
        return;
      }
    }
    const drawn = waiting(this.#options(connection));
    this.#show(connection, drawn.root);
    try {
      const wasm = await started;
      await this.#learn(connection);
      while (drawn.composing) {
        await drawn.composing;
      }
      if (connection === this.#connection) {
        const { activeElement } = drawn.root.getRootNode();
        drawn.focused = drawn.root.contains(activeElement) ? activeElement : null;
        connection.drawn = drawn;
        connection.later = wasm;
        style(tree, wasm.STEPS);
        connection.handle = wasm.mount(connection.inside, this.#options(connection), (kind, detail) => {
          if (connection === this.#connection) {
            this.#hear(connection, kind, detail);
          }
        });
      }
    } catch (error) {
      if (connection === this.#connection) {
        this.#fail(connection, "unavailable", "unreachable");
      }
    }
  }

  // What the page sees while the wasm does not show anything.
  #show(connection, drawing) {
    connection.shown?.remove();
    connection.shown = drawing;
    connection.inside.append(drawing);
  }

  #fail(connection, code, text) {
    const told = this.#options(connection);
    const say = own(told.words);
    const message = say[text];
    this.#setToken("");
    this.#show(
      connection,
      failure(told, say, message, () => {
        this.#setState("loading");
        this.#begin(connection);
      }),
    );
    this.#setState("failed");
    this.#tell("error", { code, message, retry_in: null });
  }

  #hear(connection, kind, detail) {
    switch (kind) {
      case "token":
        this.#setToken(detail);
        break;
      case "state":
        this.#setState(detail.state);
        this.#listen(connection);
        break;
      case "verified":
        this.#tell(kind, detail);
        this.#call(detail);
        break;
      case "ready":
        connection.later.handOver(connection.drawn, connection.inside);
        this.#tell(kind, detail);
        if (connection === this.#connection) {
          connection.later.press(connection.drawn, connection.inside);
        }
        break;
      case "panic":
        // The wasm is in the midst of its last words; what is left of this widget is cleared away after them.
        setTimeout(() => this.#bury(connection));
        break;
      default:
        this.#tell(kind, detail);
    }
  }

  // While a code is expected, the one that the browser reads is taken and checked; nobody has to press anything.
  async #listen(connection) {
    if (this.#state !== "code") {
      if (this.#state !== "checking") {
        connection.message?.abort();
        connection.message = null;
      }
    } else if (!connection.message) {
      const message = (connection.message = new AbortController());
      const code = await connection.later.receiveCode(message.signal);
      if (connection.message === message) {
        connection.message = null;
        if (code && this.#state === "code") {
          connection.later.takeCode(code, connection.inside);
        }
      }
    }
  }

  #bury(connection) {
    if (connection !== this.#connection) {
      return;
    }
    this.#free(connection);
    connection.inside.querySelectorAll(".pv-root").forEach((root) => root.remove());
    this.#fail(connection, "failed", "broken");
  }

  #setToken(token) {
    this.#token = token;
    if (this.#connection) {
      this.#connection.field.value = token;
    }
  }

  #setState(state) {
    const previous = this.#state;
    this.#state = state;
    this.dataset.state = state;
    if (state !== previous) {
      this.#tell("state", { state, previous });
    }
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(`phone-verify:${kind}`, { bubbles: true, composed: true, detail }));
  }

  #call(result) {
    try {
      if (this.#callback) {
        this.#callback.call(this, result);
        return;
      }
      const path = (this.getAttribute("callback") || "phoneVerifyCallback").split(".");
      const name = path.pop();
      const owner = path.reduce((object, key) => object?.[key], window);
      if (typeof owner?.[name] === "function") {
        owner[name](result);
      }
    } catch (error) {
      // The page's own fault is shown as such and stops nothing here.
      reportError(error);
    }
  }

  #free(connection) {
    try {
      connection.handle?.free();
    } catch {
      // A widget that broke down may not come apart in order.
    }
    connection.handle = null;
  }

  #disconnect() {
    const connection = this.#connection;
    if (connection) {
      this.#connection = null;
      connection.message?.abort();
      connection.message = null;
      connection.forget();
      places.delete(connection.place);
      this.#free(connection);
      connection.shown.remove();
      connection.field.remove();
      this.#token = "";
      this.#state = "loading";
    }
  }
}
