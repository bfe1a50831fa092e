package kafka

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/web/host"
)

// filler fills requests with values that mean something in one place or another.
type filler struct {
	data []byte
	at   int
}

func (f *filler) next() int {
	if f.at >= len(f.data) {
		return 0
	}
	f.at++
	return int(f.data[f.at-1])
}

var (
	fillWords = []string{"", "g", host.TabsTopic, host.TabsGroup, "nobody", "range", "consumer", "t1", "retention.ms", "user", "*", "__consumer_offsets", "1000", "User:ann"}
	fillInts  = []int64{-1, 0, 1, 2, 3, 4, 6, 30_000, -2, 1 << 30, 87, 101}
)

// fill sets every field of a value from what is left of the data.
func (f *filler) fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; v.Field(i).CanSet() && name != "UnknownTags" && name != "Version" {
				f.fill(v.Field(i), depth+1)
			}
		}
	case reflect.Pointer:
		if n := f.next(); n%4 != 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if n := f.next(); n%3 == 0 {
				v.SetBytes(produceOf(1).Topics[0].Partitions[0].Records)
			} else if n%3 == 1 {
				v.SetBytes([]byte(fillWords[n%len(fillWords)]))
			}
			return
		}
		n := f.next() % 3
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			f.fill(v.Index(i), depth+1)
		}
	case reflect.Array:
		if n := f.next(); n%2 == 0 && v.Type().Elem().Kind() == reflect.Uint8 { // a topic's id
			reflect.Copy(v, reflect.ValueOf(topicUUID(host.MainCode, engine.TopicID(n%8))))
		}
	case reflect.String:
		v.SetString(fillWords[f.next()%len(fillWords)])
	case reflect.Bool:
		v.SetBool(f.next()%2 == 1)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(fillInts[f.next()%len(fillInts)])
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		v.SetUint(uint64(f.next()))
	case reflect.Float64:
		v.SetFloat(float64(f.next()))
	}
}

// requests turns data into valid requests of any API in any order.
func (f *filler) requests() (all []byte) {
	for n := int32(1); f.at < len(f.data) && n <= 12; n++ {
		api := apis[f.next()%keysMost]
		if api == nil {
			continue
		}
		q := kmsg.RequestForKey(api.key)
		f.fill(reflect.ValueOf(q).Elem(), 0)
		q.SetVersion(api.min + int16(f.next())%(api.max-api.min+1))
		all = append(all, bytesOf(q, n)...)
	}
	return all
}

// witness is a client that minds its own business on a connection of its own, all the time.
type witness struct {
	*raw
	sent int64
}

const witnessTopic = "witness"

func newWitness(t testing.TB, s *Server) *witness {
	r, _ := pipe(t, s)
	w := &witness{raw: r}
	q := kmsg.NewPtrCreateTopicsRequest()
	q.Version = 7
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = witnessTopic, 1, 1
	topic.Configs = []kmsg.CreateTopicsRequestTopicConfig{{Name: "retention.ms", Value: kmsg.StringPtr("-1")}} // its records are of 1970
	q.Topics = append(q.Topics, topic)
	if a := ask(w.raw, q, kmsg.NewPtrCreateTopicsResponse()); a.Topics[0].ErrorCode != 0 {
		t.Fatal("the topic of the witness: ", a.Topics[0].ErrorCode)
	}
	return w
}

// look sends a record and reads it, and complains about anything that is not as it was.
func (w *witness) look() error {
	w.SetDeadline(time.Now().Add(testMost))
	q := produceOf(1)
	q.Topics[0].Topic = witnessTopic
	w.send(q)
	made := kmsg.NewPtrProduceResponse()
	made.Version = q.Version
	if err := w.take(w.correlation, made); err != nil {
		return err
	}
	want, p := w.sent, made.Topics[0].Partitions[0]
	if w.sent = p.BaseOffset + 1; p.ErrorCode != 0 || p.BaseOffset != want {
		return fmt.Errorf("record %d of the witness: code %d, offset %d", want, p.ErrorCode, p.BaseOffset)
	}
	f := kmsg.NewPtrFetchRequest()
	f.Version, f.MaxBytes, f.ReplicaID, f.SessionEpoch = 4, 1<<20, -1, -1
	part := kmsg.NewFetchRequestTopicPartition()
	part.FetchOffset, part.PartitionMaxBytes = want, 1<<20
	f.Topics = []kmsg.FetchRequestTopic{{Topic: witnessTopic, Partitions: []kmsg.FetchRequestTopicPartition{part}}}
	w.send(f)
	got := kmsg.NewPtrFetchResponse()
	got.Version = f.Version
	if err := w.take(w.correlation, got); err != nil {
		return err
	}
	if p := got.Topics[0].Partitions[0]; p.ErrorCode != 0 || len(p.RecordBatches) == 0 || p.HighWatermark != w.sent {
		return fmt.Errorf("the witness fetched: code %d, %d bytes, high watermark %d", p.ErrorCode, len(p.RecordBatches), p.HighWatermark)
	}
	return nil
}

// absurdity sends requests on two connections at once while the witness looks on.
func absurdity(t *testing.T, s *Server, rooms *host.Rooms, w *witness, data []byte) {
	first := &filler{data: data[:len(data)/2]}
	second := &filler{data: data[len(data)/2:]}
	var both sync.WaitGroup
	for _, f := range []*filler{first, second} {
		both.Go(func() { chat(t, s, f.requests()) })
	}
	if err := w.look(); err != nil {
		t.Error(err)
	}
	both.Wait()
	if err := w.look(); err != nil {
		t.Error(err)
	}
	h, _ := rooms.Visit(host.MainCode)
	h.At(0, func(d host.Desk) {
		// As in Kafka, whoever commits may commit any offset.
		if err := d.Engine().Check(); err != nil && !strings.HasPrefix(err.Error(), "commit-within-log") {
			t.Error(err)
		}
	})
}

// chatMost bounds how long a request that waits for something is waited for.
const chatMost = 40 * time.Millisecond

// chat sends requests, and hangs up when all of them are answered, the server has hung up,
// or one is parked.
func chat(t *testing.T, s *Server, data []byte) {
	const last = 1 << 30
	r, ended := pipe(t, s)
	r.SetDeadline(time.Now().Add(chatMost))
	go r.Write(append(data, bytesOf(kmsg.NewPtrApiVersionsRequest(), last)...))
	var head [8]byte
	for {
		if _, err := io.ReadFull(r, head[:]); err != nil || binary.BigEndian.Uint32(head[4:]) == last {
			break
		}
		if _, err := io.CopyN(io.Discard, r, int64(binary.BigEndian.Uint32(head[:]))-4); err != nil {
			break
		}
	}
	r.Close()
	until(t, "a connection that was closed", ended)
}

// TestAbsurdRequests: valid requests with any contents in any order harm nobody else.
func TestAbsurdRequests(t *testing.T) {
	s, rooms := pipes(t)
	w, r := newWitness(t, s), rand.New(rand.NewPCG(1, 2))
	for range 60 {
		data := make([]byte, 400)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		absurdity(t, s, rooms, w, data)
		if t.Failed() {
			t.Fatalf("it began with %x", data)
		}
	}
}

// FuzzRequests is that for requests of a fuzzer's choice.
func FuzzRequests(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("0 and 1 are Produce and Fetch; the others follow from their keys"))
	s, rooms := pipes(f)
	w := newWitness(f, s)
	f.Fuzz(func(t *testing.T, data []byte) { absurdity(t, s, rooms, w, data) })
}
