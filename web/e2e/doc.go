// Package e2e holds the end-to-end tests: the whole program behind a port of its own, and
// people with real browsers in front of it. Nothing else imports it.
//
// Each test is a journey. It starts a server, lets visitors open tabs, and waits for what
// must happen by asking the page or the JSON again and again until a deadline; it never
// sleeps. A tab that logs an error, throws, breaks the content security policy, asks
// another host for anything or has a request refused fails its test.
package e2e
