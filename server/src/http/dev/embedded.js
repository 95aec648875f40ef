// A convenience for this page: only the token, checked by the host's server, proves anything.
window.onPhoneVerified = (result) => {
  document.getElementById("result").textContent = JSON.stringify(result, null, 2);
};

document.getElementById("order").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  document.getElementById("sent").textContent = JSON.stringify(fields, null, 2);
});
