package e2e

import "testing"

// TestServerRestarts: the pages say that the room is away, and find their way back.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	s := serve(t)
	v := visit(t, s)
	stage, seat := v.open("/room/main"), v.open(quick)
	stage.untilMoving()
	s.untilShares(6)
	for _, b := range []*tab{stage, seat} {
		b.watch.expect("WebSocket connection to")
	}

	s.stop()
	seat.untilText("The room cannot be reached.")
	seat.until("a banner says that it tries again", `partitaTest.find("[role=status]")?.innerText.includes("Trying again")`)
	stage.until("the room's page says so too", `partitaTest.find("[role=status]")?.innerText.includes("Trying again")`)
	stage.watch.expect("ERR_CONNECTION_REFUSED") // what helps one to type is loaded at its first use
	stage.click(".console input", "A line of script")
	stage.keys("show groups\r")
	stage.until("a line is refused with the reason", `partitaTest.find(".console .wrong", "no connection")`)

	for _, b := range []*tab{stage, seat} {
		b.audit("while the room is away")
	}

	s.again()
	s.untilShares(6)
	seat.untilText("You own 6 of 6 partitions.")
	stage.until("the room's page shows the tab, and no banner", `!partitaTest.find("[role=status]", "Trying again") &&
		`+groupCard+`?.querySelectorAll(".member .chip").length === 6`)
	s.script("main", "send orders hello key=k")
	seat.until("the seat reads on", `document.body.innerText.includes("1 record processed")`)
}
