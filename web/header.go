package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// policy is the content security policy of every answer: nothing inline (but see
// allowStyle), nothing from another host. WebAssembly may be compiled. The sockets' address is added to connect-src
// for browsers in which 'self' does not cover it.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
	"worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; " +
	"connect-src 'self'"

// headers sets what every answer has in common.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy+socketSource(r.Host))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// allowStyle lets an answer's page have one style sheet inline: the one with this text.
func allowStyle(h http.Header, text string) {
	if text == "" {
		return
	}
	const name = "Content-Security-Policy"
	sum := sha256.Sum256([]byte(text))
	h.Set(name, strings.Replace(h.Get(name), "style-src 'self'", "style-src 'self' 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'", 1))
}

// socketSource names this host's WebSocket addresses, or nothing when the host that the
// request names is no plain host: it must not be able to add words to the policy.
func socketSource(host string) string {
	plain := strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == ""
	if host == "" || !plain {
		return ""
	}
	return " ws://" + host + " wss://" + host
}
