// SPDX-License-Identifier: Apache-2.0
// The floor under every scanner written in Go: gunzip, SHA-256 and tar headers with the standard library, two layers at a
// time, and nothing else. usage: gowalk OCI_DIR
package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"sync/atomic"
)

var entries atomic.Int64

func walk(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	hash := sha256.New()
	packed := bufio.NewReaderSize(io.TeeReader(file, hash), 1<<18)
	plain, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	reader := tar.NewReader(plain)
	for {
		if _, err := reader.Next(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		entries.Add(1)
	}
	_, err = io.Copy(io.Discard, packed)
	hash.Sum(nil)
	return err
}

func main() {
	files, _ := filepath.Glob(filepath.Join(os.Args[1], "blobs/sha256/*"))
	size := func(path string) int64 {
		info, err := os.Stat(path)
		if err != nil {
			return 0
		}
		return info.Size()
	}
	sort.Slice(files, func(a, b int) bool { return size(files[a]) > size(files[b]) })
	work := make(chan string, len(files))
	for _, file := range files {
		if size(file) > 100000 {
			work <- file
		}
	}
	close(work)
	var group sync.WaitGroup
	for i := 0; i < 2; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for file := range work {
				if err := walk(file); err != nil {
					fmt.Fprintln(os.Stderr, file, err)
					os.Exit(1)
				}
			}
		}()
	}
	group.Wait()
	fmt.Println(entries.Load(), "entries")
}
