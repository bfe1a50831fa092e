// Package referee has only tests: Apache Kafka decides whether Partita is right. A broker of
// Apache Kafka runs beside a server of Partita's and franz-go's kfake, and
//
//   - Kafka's own tools are run at the first two; they must print the same;
//   - Java's clients share groups with tabs and with kcat;
//   - the same work, made from a seed, is done at all three, and what can be seen of it must
//     be the same. The page /differences lists where it is not, and why; a difference that
//     is not listed fails, and so does one that is listed and no longer there.
//
// "make test-kafka" installs Java and Apache Kafka and runs these tests. Without them each
// of the tests fails and says so.
package referee
