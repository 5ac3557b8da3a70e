// A client in Go that writes real host names: it puts BODY at URL, and prints the status and the document.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	request, err := http.NewRequest("PUT", os.Getenv("URL"), strings.NewReader(os.Getenv("BODY")))
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(os.Getenv("HEADER_LINES"), "\n") {
		header := strings.SplitN(line, ": ", 2)
		request.Header.Set(header[0], header[1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(response.StatusCode, string(body))
}
