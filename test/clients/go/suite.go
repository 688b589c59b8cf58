package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strconv"
	"strings"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
)

// suite keeps one verdict for each operation: the first thing that went wrong, or nothing.
type suite struct {
	verdicts map[string]string
	order    []string
}

func newSuite() *suite { return &suite{verdicts: map[string]string{}} }

func (s *suite) note(operation, problem string) {
	before, seen := s.verdicts[operation]
	if !seen {
		s.order = append(s.order, operation)
	}
	if before == "" {
		s.verdicts[operation] = problem
	}
}

// print writes a line for each operation and gives the number of failed ones.
func (s *suite) print() int {
	failed := 0
	for _, operation := range s.order {
		if problem := s.verdicts[operation]; problem != "" {
			failed++
			fmt.Printf("FAIL go %s: %s\n", operation, problem)
			continue
		}
		fmt.Printf("ok   go %s\n", operation)
	}
	return failed
}

// missing names the operations of a client that were never called. Every operation has an "Invoker" beside it.
func (s *suite) missing(client any) []string {
	var names []string
	of := reflect.TypeOf(client)
	for i := range of.NumMethod() {
		name := of.Method(i).Name
		if _, isOperation := of.MethodByName(name + "Invoker"); !isOperation {
			continue
		}
		if _, called := s.verdicts[name]; !called {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// want holds the members that a typed answer must have, by a path of field names, indexes and "#" for the length:
// want{"Zones.0.Name": "go.example."}. present means any value but nil and the empty text.
type want map[string]any

type presence struct{}

var present = presence{}

// operationOf gives the name of a bound method: "…(*DnsClient).ListPublicZones-fm".
func operationOf(method any) string {
	name := runtime.FuncForPC(reflect.ValueOf(method).Pointer()).Name()
	return strings.TrimSuffix(name[strings.LastIndex(name, ".")+1:], "-fm")
}

// call calls an operation that must succeed with this status. The answer is never nil, so that the suite can go on.
func call[Q, R any](s *suite, method func(*Q) (*R, error), request *Q, status int, wanted want) *R {
	operation := operationOf(method)
	answer, err := method(request)
	if err != nil {
		s.note(operation, "refused: "+describe(err))
		return new(R)
	}
	if problem := differs(answer, "HttpStatusCode", status); problem != "" {
		s.note(operation, problem)
	}
	for path, value := range wanted {
		if problem := differs(answer, path, value); problem != "" {
			s.note(operation, problem)
		}
	}
	s.note(operation, "")
	return answer
}

// refused calls an operation that must end in a typed error of this status and code.
func refused[Q, R any](s *suite, method func(*Q) (*R, error), request *Q, status int, code string) {
	name := fmt.Sprintf("%s is refused with %d %s", operationOf(method), status, code)
	_, err := method(request)
	var answer *sdkerr.ServiceResponseError
	switch {
	case err == nil:
		s.note(name, "it succeeded")
	case !errors.As(err, &answer):
		s.note(name, fmt.Sprintf("%T is no ServiceResponseError: %v", err, err))
	case answer.StatusCode != status || answer.ErrorCode != code:
		s.note(name, describe(err))
	case answer.ErrorMessage == "" || answer.RequestId == "":
		s.note(name, "without message or request id: "+describe(err))
	default:
		s.note(name, "")
	}
}

func describe(err error) string {
	var answer *sdkerr.ServiceResponseError
	if errors.As(err, &answer) {
		return fmt.Sprintf("%d %s %s", answer.StatusCode, answer.ErrorCode, answer.ErrorMessage)
	}
	return err.Error()
}

func differs(answer any, path string, wanted any) string {
	value, err := at(reflect.ValueOf(answer), path)
	if err != nil {
		return fmt.Sprintf("%s: %v", path, err)
	}
	if _, anything := wanted.(presence); anything {
		if !value.IsValid() || value.Kind() == reflect.String && value.Len() == 0 {
			return path + " is missing"
		}
		return ""
	}
	if !value.IsValid() {
		return fmt.Sprintf("%s is missing, wanted %v", path, wanted)
	}
	if got, expected := fmt.Sprint(value.Interface()), fmt.Sprint(wanted); got != expected {
		return fmt.Sprintf("%s is %q, wanted %q", path, got, expected)
	}
	return ""
}

// at follows a path; an invalid value where something on the way is nil, an error where the path cannot be.
func at(value reflect.Value, path string) (reflect.Value, error) {
	value = reflect.Indirect(value)
	for step := range strings.SplitSeq(path, ".") {
		if !value.IsValid() {
			return value, nil
		}
		index, isIndex := strconv.Atoi(step)
		switch {
		case step == "#" && value.Kind() == reflect.Slice:
			value = reflect.ValueOf(value.Len())
		case isIndex == nil && value.Kind() == reflect.Slice:
			if index >= value.Len() {
				return reflect.Value{}, nil
			}
			value = value.Index(index)
		case value.Kind() == reflect.Struct:
			if value = value.FieldByName(step); !value.IsValid() {
				return value, fmt.Errorf("no field %s", step)
			}
		default:
			return value, fmt.Errorf("%s of a %s", step, value.Kind())
		}
		value = reflect.Indirect(value)
	}
	return value, nil
}

func ptr[T any](value T) *T { return &value }

// text is the value behind a pointer of an answer, empty where it is missing.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}

func env(name string) string {
	value := os.Getenv(name)
	if value == "" {
		fmt.Fprintln(os.Stderr, name+" is not set")
		os.Exit(2)
	}
	return value
}
