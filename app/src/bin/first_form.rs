//! Prints the module that the widget's loader is bundled with: the component's first step, drawn before any wasm is there.

fn main() {
    print!("{}", phone_verify_app::first_form::module());
}
