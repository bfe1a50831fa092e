package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source is one package of the engine, parsed and type-checked without its tests.
type source struct {
	name  string // "engine/batch"
	set   *token.FileSet
	files []*ast.File
	info  *types.Info
}

// check type-checks parsed files.
func (s *source) check(imports types.Importer) error {
	s.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	_, err := (&types.Config{Importer: imports}).Check(s.name, s.set, s.files, s.info)
	return err
}

// engineSources loads every package below engine, but not what only tests import.
func engineSources(t *testing.T) []*source {
	t.Helper()
	inRoot(t)
	exports := map[string]string{}
	for _, p := range list(t, nil, "-deps", "-export", "./engine/...") {
		exports[p.ImportPath] = p.Export
	}
	set := token.NewFileSet()
	imports := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var all []*source
	for _, p := range list(t, nil, "./engine/...") {
		if slices.Contains(testSupport, p.own()) || len(p.GoFiles) == 0 {
			continue
		}
		s := &source{name: p.own(), set: set}
		for _, name := range p.GoFiles {
			path, err := filepath.Rel(root, filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			s.files = append(s.files, file)
		}
		if err := s.check(imports); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		t.Fatal("the engine has no packages")
	}
	return all
}

func TestEngineIsDeterministic(t *testing.T) {
	for _, s := range engineSources(t) {
		complain(t, s.mapOrder())
		complain(t, s.goroutines())
		// A frame carries wide offsets as float64, for a reader that has no wider number.
		if slices.Contains([]string{"engine", "engine/batch", "engine/client", "engine/sim"}, s.name) {
			complain(t, s.floats())
		}
	}
}

func TestEngineIsDocumented(t *testing.T) {
	for _, s := range engineSources(t) {
		complain(t, s.undocumented())
		complain(t, s.foreignWords())
	}
}

// mapOrder finds loops over a map whose order could reach the outside. A loop that only
// collects what will be sorted is fine when that can be seen from its body alone, or when
// its line says "// sorted below".
func (s *source) mapOrder() (wrong []string) {
	for _, file := range s.files {
		sorted := map[int]bool{}
		for _, group := range file.Comments {
			for _, c := range group.List {
				if strings.Contains(c.Text, "sorted below") {
					sorted[s.set.Position(c.Pos()).Line] = true
				}
			}
		}
		inOrder := map[ast.Node]bool{} // arguments of slices.Sorted and its like
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if pkg, name := s.callee(n); pkg == "slices" && strings.HasPrefix(name, "Sorted") {
					inOrder[n.Args[0]] = true
				} else if pkg == "maps" && slices.Contains([]string{"Keys", "Values", "All"}, name) && !inOrder[n] {
					wrong = append(wrong, at(s.set.Position(n.Pos()), "maps.%s outside slices.Sorted has no order", name))
				}
			case *ast.RangeStmt:
				if _, isMap := s.info.TypeOf(n.X).Underlying().(*types.Map); !isMap || collectsKeys(n) {
					break
				}
				if pos := s.set.Position(n.Pos()); !sorted[pos.Line] {
					wrong = append(wrong, at(pos, "a map has no order: collect its keys, sort them, and range over those"))
				}
			}
			return true
		})
	}
	return wrong
}

// callee returns the package and name of a called function of another package.
func (s *source) callee(call *ast.CallExpr) (path, name string) {
	fun := call.Fun
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	selector, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	object, ok := s.info.Uses[selector.Sel].(*types.Func)
	if !ok || object.Pkg() == nil {
		return "", ""
	}
	return object.Pkg().Path(), object.Name()
}

// collectsKeys reports whether the body is one append to one slice: "keys = append(keys, k)".
func collectsKeys(loop *ast.RangeStmt) bool {
	if len(loop.Body.List) != 1 {
		return false
	}
	assign, ok := loop.Body.List[0].(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return false
	}
	call, ok := assign.Rhs[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	fun, ok := call.Fun.(*ast.Ident)
	return ok && fun.Name == "append"
}

// goroutines finds go statements: the engine does one thing after another. (It has no clock
// either: package time is not among its imports.)
func (s *source) goroutines() (wrong []string) {
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				wrong = append(wrong, at(s.set.Position(g.Pos()), "the engine starts no goroutine"))
			}
			return true
		})
	}
	return wrong
}

// floats finds every expression that is a floating-point or complex number: a*b+c rounds
// differently on processors that fuse it.
func (s *source) floats() (wrong []string) {
	for expr, typed := range s.info.Types {
		if basic, ok := typed.Type.Underlying().(*types.Basic); ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0 {
			pos := s.set.Position(expr.Pos())
			pos.Column = 0
			wrong = append(wrong, at(pos, "a floating-point number in the engine's core"))
		}
	}
	return wrong
}

// undocumented finds exported names without a comment, and packages without one.
func (s *source) undocumented() (wrong []string) {
	described := false
	for _, file := range s.files {
		described = described || file.Doc != nil
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
					wrong = append(wrong, at(s.set.Position(d.Pos()), "%s has no comment", d.Name.Name))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					for _, name := range undocumentedNames(d, spec) {
						wrong = append(wrong, at(s.set.Position(name.Pos()), "%s has no comment", name.Name))
					}
				}
			}
		}
	}
	if !described {
		wrong = append(wrong, s.name+": the package has no comment")
	}
	return wrong
}

// undocumentedNames returns a spec's exported names that have no comment before them,
// behind them, or, for values declared together, before the group.
func undocumentedNames(d *ast.GenDecl, spec ast.Spec) (names []*ast.Ident) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && s.Comment == nil && (d.Doc == nil || d.Lparen.IsValid()) {
			names = append(names, s.Name)
		}
	case *ast.ValueSpec:
		if s.Doc != nil || s.Comment != nil || d.Doc != nil {
			return nil
		}
		for _, name := range s.Names {
			if name.IsExported() {
				names = append(names, name)
			}
		}
	}
	return names
}

// exportedReceiver reports whether a function is no method, or one of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return true
		}
	}
}

// notKafka matches words that Kafka does not use for what it has, as words of a name.
var notKafka = regexp.MustCompile(`(?:^|[a-z0-9_])(Message|Queue|Shard|Cursor|Node|Subscriber)s?(?:$|[A-Z0-9_])`)

// foreignWords finds exported names made of them. Kafka's error codes keep the names that
// Kafka gave them, MESSAGE_TOO_LARGE among them.
func (s *source) foreignWords() (wrong []string) {
	for name, object := range s.info.Defs {
		if c, ok := object.(*types.Const); ok && strings.HasSuffix(c.Type().String(), "engine.Code") {
			continue
		}
		if object != nil && name.IsExported() && notKafka.MatchString(name.Name) {
			wrong = append(wrong, at(s.set.Position(name.Pos()), "%s: Kafka has another word for it", name.Name))
		}
	}
	return wrong
}
