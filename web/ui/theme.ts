// Applies the theme that a person chose in this browser before anything is drawn. It is a
// plain script in the head, so it must stay this small.

try {
  const theme = localStorage.getItem("partita-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
} catch {
  // Without storage the system's choice holds.
}
