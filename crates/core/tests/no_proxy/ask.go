// Asks Go's own rules (golang.org/x/net/http/httpproxy, as net/http has it built in) which addresses a NO_PROXY list
// exempts. Reads the rows of verdicts.json from standard input and writes them, judged anew, to standard output:
//
//	go run ask.go < verdicts.json > judged.json
//
// Go reads the environment once in a process, so each list is judged in a process of its own.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
)

type row struct {
	NoProxy string   `json:"noProxy"`
	Direct  []string `json:"direct"`
	Proxied []string `json:"proxied"`
}

func main() {
	if os.Getenv("JUDGE_ONE_ROW") != "" {
		judgeOne()
		return
	}
	var rows []row
	check(json.NewDecoder(os.Stdin).Decode(&rows))
	for index := range rows {
		rows[index] = judgedInProcessOfItsOwn(rows[index])
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	check(encoder.Encode(rows))
}

func judgedInProcessOfItsOwn(given row) row {
	text, err := json.Marshal(given)
	check(err)
	program, err := os.Executable()
	check(err)
	child := exec.Command(program)
	proxy := "http://proxy.example:3128"
	child.Env = []string{"JUDGE_ONE_ROW=1", "HTTP_PROXY=" + proxy, "HTTPS_PROXY=" + proxy, "NO_PROXY=" + given.NoProxy}
	child.Stdin, child.Stderr = bytes.NewReader(text), os.Stderr
	answer, err := child.Output()
	check(err)
	var judged row
	check(json.Unmarshal(answer, &judged))
	return judged
}

func judgeOne() {
	var given row
	check(json.NewDecoder(os.Stdin).Decode(&given))
	judged := row{NoProxy: given.NoProxy, Direct: []string{}, Proxied: []string{}}
	for _, address := range append(given.Direct, given.Proxied...) {
		request, err := http.NewRequest("GET", address, nil)
		check(err)
		proxy, err := http.ProxyFromEnvironment(request)
		check(err)
		if proxy == nil {
			judged.Direct = append(judged.Direct, address)
		} else {
			judged.Proxied = append(judged.Proxied, address)
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(judged))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
