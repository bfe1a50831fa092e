package referee

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// unseen are fields whose values cannot be the same in two clusters, or are for people only:
// their text is compared where Kafka's tools print it.
var unseen = map[string]bool{
	"Version": true, "ThrottleMillis": true, "UnknownTags": true, "ErrorMessage": true, "ClusterID": true, "Host": true, "Port": true,
	"ClientHost": true, "Rack": true, "StartTimestamp": true, "LastTimestamp": true,
}

// named are fields whose values are made by the cluster: the same value gets the same name
// each time that it is seen in an act.
var named = map[string]string{
	"TopicID": "id", "MemberID": "member", "LeaderID": "member", "ProducerID": "pid", "SessionID": "session", "Leader": "broker", "NodeID": "broker",
	"ControllerID": "broker", "Coordinator": "broker", "CoordinatorID": "broker", "Replicas": "broker", "ISR": "broker", "OfflineReplicas": "broker",
}

// flatten lists every leaf of a response, path and value; what is empty is left out.
func (p *play) flatten(path string, v reflect.Value, put func(path, value string)) {
	switch field := path[strings.LastIndexByte(path, '.')+1:]; v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			p.flatten(path, v.Elem(), put)
		}
	case reflect.Struct:
		if c, ok := v.Interface().(kmsg.DescribeConfigsResponseResourceConfig); ok {
			put(path, settingText(&c))
			return
		}
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; !unseen[name] {
				p.flatten(path+"."+name, v.Field(i), put)
			}
		}
	case reflect.Slice:
		if bytes, ok := v.Interface().([]byte); ok {
			if len(bytes) > 0 {
				put(path, p.bytes(field, bytes))
			}
			return
		}
		p.list(path, v, put)
	case reflect.Array:
		put(path, p.name("id", fmt.Sprint(v.Interface())))
	default:
		put(path, p.leaf(field, v))
	}
}

// settingText is a setting as it was described.
func settingText(c *kmsg.DescribeConfigsResponseResourceConfig) string {
	value := "null"
	if c.Value != nil {
		value = fmt.Sprintf("%q", *c.Value)
	}
	return fmt.Sprint(value, " ", c.Source, " ", c.ConfigType, " read-only=", c.ReadOnly, " sensitive=", c.IsSensitive)
}

// list flattens a list. Elements that say what they are of are called by that, so that
// their order has no meaning.
func (p *play) list(path string, v reflect.Value, put func(path, value string)) {
	for i := range v.Len() {
		label := labelOf(v.Index(i), i)
		if e := v.Index(i); e.Kind() == reflect.Struct && e.FieldByName("MemberID").IsValid() {
			label = p.name("member", e.FieldByName("MemberID").String())
		}
		p.flatten(fmt.Sprintf("%s[%s]", path, label), v.Index(i), put)
	}
}

// labelOf is what an element of a list is called.
func labelOf(v reflect.Value, i int) string {
	if v.Kind() != reflect.Struct {
		return fmt.Sprint(i)
	}
	for _, name := range []string{"Topic", "Partition", "Group", "GroupID", "ResourceName", "ConfigName", "Name", "TransactionalID", "CoordinatorKey"} {
		f := v.FieldByName(name)
		for f.IsValid() && f.Kind() == reflect.Pointer && !f.IsNil() {
			f = f.Elem()
		}
		if f.IsValid() && f.Kind() == reflect.String || f.IsValid() && f.Kind() == reflect.Int32 {
			return short(fmt.Sprint(f.Interface()))
		}
	}
	return fmt.Sprint(i)
}

func short(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}

// leaf is a value as it is compared.
func (p *play) leaf(field string, v reflect.Value) string {
	field, _, _ = strings.Cut(field, "[")
	switch text := fmt.Sprint(v.Interface()); {
	case field == "ErrorCode":
		return codeName(int16(v.Int()))
	case field == "LogAppendTime" || field == "LogAppendTimeMillis" || field == "MaxTimestamp":
		if v.Int() == -1 {
			return "none"
		}
		return "a time"
	case field == "LeaderID" && v.Kind() == reflect.Int32:
		return p.name("broker", text)
	case named[field] != "":
		return p.name(named[field], text)
	default:
		return text
	}
}

// name gives a value of the cluster's its name in this act.
func (p *play) name(kind, value string) string {
	switch {
	case value == "" || value == "-1" || value == "0" && kind == "session":
		return value
	case strings.Trim(value, "[0 ]") == "":
		return "none"
	case kind == "broker":
		return "broker" // there is one
	}
	key := kind + " " + value
	if p.names[key] == "" {
		p.kinds[kind]++
		p.names[key] = fmt.Sprintf("%s %d", kind, p.kinds[kind])
	}
	return p.names[key]
}

// bytes are records, an assignment or what else there is.
func (p *play) bytes(field string, b []byte) string {
	if field == "RecordBatches" || field == "Records" {
		return recordsOf(b)
	}
	var m kmsg.ConsumerMemberAssignment
	if m.ReadFrom(b) == nil && len(m.Topics) > 0 {
		var parts []string
		for _, t := range m.Topics {
			parts = append(parts, fmt.Sprint(t.Topic, t.Partitions))
		}
		return strings.Join(parts, " ")
	}
	return hex.EncodeToString(b)
}

// codeName is an error code's name.
func codeName(code int16) string {
	if code == 0 {
		return "NONE"
	}
	if err := kerr.TypedErrorForCode(code); err != nil && err.Code == code {
		return err.Message
	}
	return fmt.Sprint("code ", code)
}

// ended says how a connection ended, in words that do not depend on the moment.
func ended(err error) string {
	var timeout net.Error
	var code *kerr.Error
	switch {
	case err == nil:
		return "NONE"
	case errors.As(err, &code):
		return code.Message
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "connection reset") || strings.Contains(err.Error(), "broken pipe"):
		return "the connection is closed"
	}
	return err.Error()
}
