package kafka

import (
	"bufio"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Codes of SASL. The engine knows no passwords.
const (
	codeUnsupportedSASLMechanism = 33
	codeIllegalSASLState         = 34
	codeSASLAuthenticationFailed = 58
	codeResourceNotFound         = 91
	codeDuplicateResource        = 92
	codeUnacceptableCredential   = 93
)

// mechanisms are what a client can prove with who it is.
var mechanisms = []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}

var errPassword = errors.New("Authentication failed: Invalid username or password")

// scramMechanism is a variant of SCRAM by its number in the protocol.
type scramMechanism int8

const (
	scram256 scramMechanism = 1
	scram512 scramMechanism = 2
)

func (m scramMechanism) hash() func() hash.Hash {
	if m == scram512 {
		return sha512.New
	}
	return sha256.New
}

// scramLeast and scramMost bound the iterations of a credential, as Kafka does.
const (
	scramLeast = 4096
	scramMost  = 16384
)

// scramSecret is what a server keeps of a password (RFC 5802).
type scramSecret struct {
	salt                 []byte
	iterations           int
	storedKey, serverKey []byte
}

func (m scramMechanism) secret(salted, salt []byte, iterations int) *scramSecret {
	stored := m.hash()()
	stored.Write(m.mac(salted, "Client Key"))
	return &scramSecret{salt, iterations, stored.Sum(nil), m.mac(salted, "Server Key")}
}

func (m scramMechanism) mac(key []byte, text string) []byte {
	h := hmac.New(m.hash(), key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// users are those who may come in, with what proves them.
type users struct {
	mu    sync.Mutex
	plain map[string]string
	scram map[string]map[scramMechanism]*scramSecret
}

// ReadUsers reads users for Config.Users: a line for each, its name and its password with
// a blank in between. Empty lines and lines that begin with # are skipped.
func ReadUsers(r io.Reader) (map[string]string, error) {
	list := map[string]string{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, password, ok := strings.Cut(line, " ")
		if !ok || strings.TrimSpace(password) == "" {
			return nil, fmt.Errorf("line %d has no password: a line is a name, a blank and a password", n)
		}
		list[name] = strings.TrimSpace(password)
	}
	return list, lines.Err()
}

func newUsers(list map[string]string) (*users, error) {
	u := &users{plain: list, scram: map[string]map[scramMechanism]*scramSecret{}}
	for name, password := range list {
		for _, m := range []scramMechanism{scram256, scram512} {
			salt := make([]byte, 16)
			rand.Read(salt)
			salted, err := pbkdf2.Key(m.hash(), password, salt, scramLeast, m.hash()().Size())
			if err != nil {
				return nil, err
			}
			u.set(name, m, m.secret(salted, salt, scramLeast))
		}
	}
	return u, nil
}

// set gives a user a secret, or takes it away for nil; false when there was none.
func (u *users) set(name string, m scramMechanism, s *scramSecret) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	had := u.scram[name][m] != nil
	switch {
	case s == nil:
		if delete(u.scram[name], m); len(u.scram[name]) == 0 {
			delete(u.scram, name)
		}
	case u.scram[name] == nil:
		u.scram[name] = map[scramMechanism]*scramSecret{m: s}
	default:
		u.scram[name][m] = s
	}
	return had
}

// usersMost is how many users may have credentials that clients have made.
const usersMost = 1000

// full tells whether there is no room for another user's credentials.
func (u *users) full(name string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.scram) >= usersMost && u.scram[name] == nil
}

func (u *users) get(name string, m scramMechanism) *scramSecret {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.scram[name][m]
}

// exchange is one authentication under way. step takes what the client sends and gives the
// answer, and the user's name when it is done.
type exchange interface {
	step(token []byte) (answer []byte, user string, err error)
}

func (u *users) begin(mechanism string) exchange {
	switch mechanism {
	case "PLAIN":
		return plainExchange{u}
	case "SCRAM-SHA-256":
		return &scramExchange{users: u, mechanism: scram256}
	case "SCRAM-SHA-512":
		return &scramExchange{users: u, mechanism: scram512}
	}
	return nil
}

// plainExchange is PLAIN (RFC 4616): who to act as, name and password, with zeros between.
type plainExchange struct{ users *users }

func (p plainExchange) step(token []byte) ([]byte, string, error) {
	parts := strings.Split(string(token), "\x00")
	if len(parts) != 3 {
		return nil, "", errPassword
	}
	want, known := p.users.plain[parts[1]]
	if subtle.ConstantTimeCompare([]byte(want), []byte(parts[2])) != 1 || !known || parts[0] != "" && parts[0] != parts[1] {
		return nil, "", errPassword
	}
	return nil, parts[1], nil
}

// scramExchange is SCRAM (RFC 5802) without channel binding.
type scramExchange struct {
	users     *users
	mechanism scramMechanism
	user      string
	secret    *scramSecret
	first     string // the client's first words and the server's
	nonce     string
}

func (s *scramExchange) step(token []byte) ([]byte, string, error) {
	if s.secret == nil {
		return s.begin(string(token))
	}
	return s.finish(string(token))
}

func (s *scramExchange) begin(words string) ([]byte, string, error) {
	bare, ok := strings.CutPrefix(words, "n,")
	_, bare, ok2 := strings.Cut(bare, ",") // who to act as
	if !ok || !ok2 {
		return nil, "", errPassword
	}
	s.user = strings.NewReplacer("=2C", ",", "=3D", "=").Replace(attribute(bare, 'n'))
	nonce := attribute(bare, 'r')
	if s.secret = s.users.get(s.user, s.mechanism); s.secret == nil || nonce == "" {
		return nil, "", errPassword
	}
	own := make([]byte, 18)
	rand.Read(own)
	s.nonce = nonce + base64.RawStdEncoding.EncodeToString(own)
	answer := "r=" + s.nonce + ",s=" + base64.StdEncoding.EncodeToString(s.secret.salt) + ",i=" + strconv.Itoa(s.secret.iterations)
	s.first = bare + "," + answer
	return []byte(answer), "", nil
}

func (s *scramExchange) finish(words string) ([]byte, string, error) {
	without, _, _ := strings.Cut(words, ",p=")
	proof, err := base64.StdEncoding.DecodeString(attribute(words, 'p'))
	all := s.first + "," + without
	signature := s.mechanism.mac(s.secret.storedKey, all)
	// As Kafka does: librdkafka before 2.3 repeats its own nonce before the server's.
	if err != nil || !strings.HasSuffix(attribute(words, 'r'), s.nonce) || len(proof) != len(signature) {
		return nil, "", errPassword
	}
	subtle.XORBytes(proof, proof, signature)
	stored := s.mechanism.hash()()
	stored.Write(proof)
	if subtle.ConstantTimeCompare(stored.Sum(nil), s.secret.storedKey) != 1 {
		return nil, "", errPassword
	}
	return []byte("v=" + base64.StdEncoding.EncodeToString(s.mechanism.mac(s.secret.serverKey, all))), s.user, nil
}

// attribute finds the value of one attribute of a SCRAM word list.
func attribute(words string, name byte) string {
	for part := range strings.SplitSeq(words, ",") {
		if len(part) > 1 && part[0] == name && part[1] == '=' {
			return part[2:]
		}
	}
	return ""
}
