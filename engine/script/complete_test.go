package script_test

import (
	"slices"
	"strings"
	"testing"

	"partita/engine/script"
	"partita/engine/sim"
)

// texts are the candidates for a line, without their hints.
func texts(r *script.Runner, line string) (list []string) {
	_, all := r.Complete(line)
	for _, c := range all {
		list = append(list, c.Text)
	}
	return list
}

func TestComplete(t *testing.T) {
	r := &script.Runner{World: sim.New(sim.Config{Seed: 1})}
	for _, line := range []string{"topic create orders partitions=3", "topic create notes", "producer add p1 topic=orders rate=1/s",
		"consumer add c1 group=billing topics=orders", "consumer add c2 group=audit topics=orders", "advance 5s", "producer add t1 topic=orders transactional.id=tx rate=1/s transaction=2", "advance 5s"} {
		if _, err := r.Run(line); err != nil {
			t.Fatal(line, err)
		}
	}
	for line, want := range map[string]string{ // some that must be there; all of them after =
		"":                                       "topic send consumer kafka-topics kcat help",
		"to":                                     "= topic",
		"kafka-con":                              "= kafka-configs kafka-consumer-groups kafka-console-producer kafka-console-consumer",
		"consumer ":                              "add crash leave seek",
		"consumer cr":                            "= crash",
		"consumer crash ":                        "= c1 c2",
		"consumer seek c1 ":                      "orders-0 orders-2 notes-0",
		"consumer seek c1 orders-2":              "=",
		"consumer add ":                          "= c3",
		"producer add ":                          "= p2",
		"consumer add c3 ":                       "group= topics= process= session.timeout.ms= partition.assignment.strategy=",
		"consumer add c3 group=":                 "= group=billing group=audit",
		"consumer add c3 group=b topics=orders,": "= topics=orders,orders topics=orders,notes",
		"consumer add c3 auto.offset.reset=":     "= auto.offset.reset=earliest auto.offset.reset=latest auto.offset.reset=none",
		"consumer add c3 enable.auto.commit=t":   "= enable.auto.commit=true",
		"consumer add c3 partition.assignment.strategy=range,coop": "= partition.assignment.strategy=range,cooperative-sticky",
		"producer add p2 acks=":                               "= acks=0 acks=1 acks=all",
		"topic create x cleanup":                              "= cleanup.policy=",
		"topic config ":                                       "= orders notes",
		"topic config orders min.insync":                      "= min.insync.replicas=",
		"topic config orders unclean.leader.election.enable=": "= unclean.leader.election.enable=false unclean.leader.election.enable=true",
		"broker crash ":                                       "= 101",
		"broker config 101 log.cleaner.b":                     "= log.cleaner.backoff.ms=",
		"group reset ":                                        "= billing audit",
		"group reset billing orders-":                         "= orders-0 orders-1 orders-2",
		"link cut ":                                           "c1 c2 p1 t1 101",
		"link ":                                               "cut heal drop latency=",
		"why member billing ":                                 "= c1 c2",
		"why record ":                                         "orders-0 notes-0",
		"why member ":                                         "",
		"why ":                                                "record hw member",
		"trace ":                                              "= on off",
		"kafka-topics --de":                                   "= --delete --describe",
		"kafka-topics --describe --topic ":                    "= orders notes",
		"kafka-topics --describe --topic=or":                  "= --topic=orders",
		"kafka-consumer-groups --describe --group ":           "= billing audit",
		"kafka-configs --alter --entity-type ":                "= topics brokers",
		"kafka-configs --alter --entity-type topics --entity-name ":              "= orders notes",
		"kafka-configs --alter --entity-type brokers --entity-name ":             "= 101",
		"kafka-configs --alter --topic orders --add-config retention.ms=5,reten": "= retention.ms=5,retention.bytes= retention.ms=5,retention.ms=",
		"kafka-configs --alter --topic orders --delete-config min.ins":           "= min.insync.replicas",
		"kafka-configs --alter --topic orders --add-config cleanup.policy=":      "= cleanup.policy=delete cleanup.policy=compact",
		"kafka-console-consumer --topic orders --isolation-level ":               "= read_uncommitted read_committed",
		"kafka-console-consumer --topic orders --partition ":                     "= 0 1 2",
		"kafka-leader-election --election-type ":                                 "= preferred unclean",
		"kafka-transactions ":                                                    "list describe",
		"kafka-transactions describe --transactional-id ":                        "= tx",
		"kcat -":        "-P -C -L -t",
		"kcat -C -t ":   "= orders notes",
		"echo 'a:b' | ": "= kafka-console-producer kcat",
		"echo 'a:b' | kafka-console-producer --to":                         "= --topic",
		"echo 'a | b' | kafka-console-producer --to":                       "= --topic",
		"echo \"it's\" | kcat -t ":                                         "= orders notes",
		"echo 'a:b' ":                                                      "= |",
		"echo 'a | ":                                                       "=",
		"kafka-console-producer --topic orders <<< ":                       "=",
		"kafka-console-producer --topic orders <<< 'a ":                    "=",
		"kafka-console-producer --topic orders <<< 'a b' --pro":            "= --property --producer-property",
		"kafka-console-producer --topic orders <<< 'a b' --property parse": "= parse.key=true",
		"kafka-console-producer <<< 'a' --topic ":                          "= orders notes",
		"fails kafka-topics --delete --topic ":                             "= orders notes",
		"fails consumer crash ":                                            "= c1 c2",
		"send orders \"a b\" ke":                                           "= key=",
		"send orders \"say \\\"hi\\\" \" ke":                               "= key=",
		"send orders \"in the mid":                                         "=",
		"nonsense ":                                                        "=",
		"kafka-nothing --":                                                 "=",
		"group reset billing orders-0 ":                                    "time= shift=",
		"producer add p2 topic=":                                           "= topic=orders topic=notes",
	} {
		got := texts(r, line)
		exact := strings.HasPrefix(want, "=") && (want == "=" || want[1] == ' ')
		list := strings.Fields(strings.TrimPrefix(want, "= "))
		if want == "=" {
			list = nil
		}
		for _, w := range list {
			if !slices.Contains(got, w) {
				t.Errorf("%q: %q is not among %q", line, w, got)
			}
		}
		if exact && len(got) != len(list) {
			t.Errorf("%q: %q, want %q", line, got, list)
		}
	}
	if word, all := r.Complete("producer add p2 lin"); word != "lin" || len(all) != 1 || all[0].Hint != "5" {
		t.Errorf("%q %v", word, all)
	}
	if digest := r.World.Engine().Digest(); digest == 0 {
		t.Error("no digest")
	}
}

// TestToolHelp: each tool says what it can do, and knows each flag that it lists.
func TestToolHelp(t *testing.T) {
	r := &script.Runner{World: sim.New(sim.Config{Seed: 1})}
	for _, tool := range []string{"kafka-topics", "kafka-configs", "kafka-consumer-groups", "kafka-console-producer", "kafka-console-consumer", "kafka-leader-election", "kafka-transactions", "kcat"} {
		text, err := r.Run(tool + " --help")
		if err != nil || !strings.HasPrefix(text, tool+": ") {
			t.Errorf("%s: %v %s", tool, err, text)
		}
		for line := range strings.Lines(text) {
			if fields := strings.Fields(line); strings.HasPrefix(line, "--") && len(fields) < 2 {
				t.Errorf("%s: nobody says what %s is", tool, line)
			}
		}
		if again, _ := r.Run("help " + tool); again != text {
			t.Errorf("help %s: %s", tool, again)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, line := range []string{"consumer add c1 a=", "kafka-topics --topic", "echo a | kcat -t", "\"", "topic config orders a=b,", "kcat -P <<< 'a' -t", "send o \"a\\\" b\"x"} {
		f.Add(line)
	}
	r := &script.Runner{World: sim.New(sim.Config{Seed: 1})}
	if _, err := r.Run("topic create orders"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		word, list := r.Complete(line)
		for _, c := range list {
			if !strings.HasPrefix(c.Text, word) || !strings.HasSuffix(line, word) {
				t.Fatalf("%q: %q goes on with %q", line, word, c.Text)
			}
		}
	})
}
