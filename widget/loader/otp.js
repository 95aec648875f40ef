// WebOTP: the browser reads the code from a message whose last line names this page's host.

// The code, or null: where the browser cannot, the visitor declines, or the signal ends the wait.
export async function receiveCode(signal) {
  if (!window.OTPCredential) {
    return null;
  }
  try {
    return (await navigator.credentials.get({ otp: { transport: ["sms"] }, signal }))?.code ?? null;
  } catch {
    return null;
  }
}
