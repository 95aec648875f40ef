// Called by the widget. It may make the page nicer; the order is decided by the server, which checks the token itself:
// anybody can call this function with anything.
function onPhoneVerified() {
  document.getElementById("phone-hint").textContent = "Thank you. You can place the order now.";
}
