package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"
)

// cuts are functions of Go's runtime that a page never needs, by file: tracing, profiles,
// the printing of stacks nobody reads, checks that the runtime makes of itself. Each is
// given another body; whatever only they called falls out when the program is linked.
// A function that this Go does not have is left alone. What decides how the program runs
// stays out of the list, but for how it gets memory: see bySteps and readGOGC, which leaves
// the first word to wasm/port.
var cuts = map[string]map[string]string{
	"internal/cpu/cpu.go":     {"processOptions": ""},
	"runtime/error.go":        {"printanycustomtype": "", "panicwrap": `panic(plainError("a value method was called with a nil pointer"))`},
	"runtime/hexdump.go":      {"hexdumpWords": ""},
	"runtime/mbitmap.go":      {"badPointer": `throw("bad pointer")`},
	"runtime/mcheckmark.go":   {"setCheckmark": "return false", "checkFinalizersAndCleanups": ""},
	"runtime/mgc.go":          {"findGoroutineLeaks": "return false"},
	"runtime/mgcmark.go":      {"gcDumpObject": ""},
	"runtime/mgcpacer.go":     {"readGOMEMLIMIT": "return 1<<63 - 1", "readGOGC": "return 200"},
	"runtime/mem_wasm.go":     {"sbrk": bySteps},
	"runtime/mgcscavenge.go":  {"printScavTrace": ""},
	"runtime/mgcsweep.go":     {"mspan.reportZombies": `throw("zombie")`},
	"runtime/mprof.go":        {"mProf_NextCycle": "", "mProf_FlushLocked": "", "mProf_Malloc": "", "mProf_Free": "", "stkbucket": "return nil", "saveblockevent": "", "tryRecordGoroutineProfile": "", "tryRecordGoroutineProfileWB": ""},
	"runtime/print.go":        {"printfloat64": "", "printfloat32": "", "printcomplex128": "", "printcomplex64": ""},
	"runtime/proc.go":         {"schedtrace": "", "dumpgstatus": "", "saveAncestors": "return nil"},
	"runtime/profbuf.go":      {"profBuf.read": "return"},
	"runtime/runtime1.go":     {"testAtomic64": "", "check": "", "parsegodebug": ""},
	"runtime/symtab.go":       {"moduledataverify1": ""},
	"runtime/trace.go":        {"traceAdvance": ""},
	"runtime/traceback.go":    {"traceback1": "", "traceback2": "return 0, 0", "tracebacksomeothers": "", "goroutineheader": "", "printAncestorTraceback": "", "tracebackHexdump": "", "printcreatedby": ""},
	"runtime/tracecpu.go":     {"traceReadCPU": "return false"},
	"runtime/traceruntime.go": {"traceEnabled": "return false", "traceAllocFreeEnabled": "return false", "traceShuttingDown": "return false", "traceLocker.ok": "return false"},
	"runtime/type.go":         {"typelinksinit": ""},
	"strconv/number.go":       {"NumError.Error": `return e.Func + ": " + e.Num`},
}

// bySteps is the body of the function that gets memory from the browser. Go's own asks for
// no more than it needs, 4 MB for most of the time, and the browser stops the program for some
// milliseconds each time, whatever the amount: with a million records a second a third of the
// time went there. So it asks for half as much again as there is, from 4 to 64 MB, and for
// what it needs where it does not get that.
const bySteps = `
	bl := bloc
	n = memRound(n)
	if bl+n > blocMax {
		least := (bl + n - blocMax) / physPageSize
		pages := max(least, min(max(blocMax/2, 4<<20), 64<<20)/physPageSize)
		if growMemory(int32(pages)) < 0 {
			pages = least
			if growMemory(int32(pages)) < 0 {
				return nil
			}
		}
		resetMemoryDataView()
		blocMax += pages * physPageSize
	}
	bloc += n
	return unsafe.Pointer(bl)
`

// folded are questions of the runtime's whose answer is known here: the compiler takes
// out what hangs on them. What matters is where inlining is off, as it answers by itself
// where it is on.
var folded = strings.NewReplacer("trace.ok()", "false", "!traceEnabled()", "true", "if traceEnabled()", "if false", "if inittrace.active", "if false",
	"debug.gctrace > 0", "false", "debug.inittrace != 0", "false")

// cutSource gives the source of a file of Go's, named from the folder of its library on,
// with its cuts made.
func cutSource(name string, source []byte) ([]byte, error) {
	if strings.HasPrefix(name, "runtime/") {
		source = []byte(folded.Replace(string(source)))
	}
	bodies := cuts[name]
	if bodies == nil {
		return source, nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("reading Go's runtime: %w", err)
	}
	var out strings.Builder
	at := 0
	for _, d := range file.Decls {
		f, ok := functionOf(d)
		if !ok {
			continue
		}
		body, ok := bodies[functionName(f)]
		if !ok {
			continue
		}
		out.Write(source[at : set.Position(f.Body.Lbrace).Offset+1])
		out.WriteString(body)
		at = set.Position(f.Body.Rbrace).Offset
	}
	out.Write(source[at:])
	return keepImports([]byte(out.String()))
}

// keepImports gives imports that are not used any more the name _.
func keepImports(source []byte) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("cutting Go's runtime: %w", err)
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	var out []byte
	at := 0
	for _, i := range file.Imports {
		if i.Name == nil && !used[path.Base(strings.Trim(i.Path.Value, `"`))] {
			offset := set.Position(i.Path.Pos()).Offset
			out = append(append(out, source[at:offset]...), "_ "...)
			at = offset
		}
	}
	return append(out, source[at:]...), nil
}

// functionOf is a declaration as a function that has a body.
func functionOf(d ast.Decl) (*ast.FuncDecl, bool) {
	f, ok := d.(*ast.FuncDecl)
	return f, ok && f.Body != nil
}

// functionName is Name, or Type.Name for a method.
func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + f.Name.Name
	}
	return f.Name.Name
}
