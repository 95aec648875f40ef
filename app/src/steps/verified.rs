use crate::controller::{Controller, Model};
use crate::parts::Part;

/// The good end: the status region says so; below it stands the number, as far as it is shown.
pub(super) fn verified_step(controller: Controller) -> Part {
    let number = controller
        .part("bdi", "pv-to")
        .is("dir", "ltr")
        .with(controller.text(Model::masked));
    controller.part("p", "pv-hint").with(number)
}
