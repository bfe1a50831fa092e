// Package api answers scripts in JSON: what a live room holds, and script lines to run in
// it. Names are Kafka's, in camelCase; an answer that is no success is {"error": "..."}.
package api
