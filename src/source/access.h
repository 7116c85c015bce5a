// SPDX-License-Identifier: Apache-2.0
// Access: what the user says about registries on the command line: who he is, and how far to trust the line.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace peekr {

// A blob that is on its way, or all layers that are read on this machine.
struct Coming {
  std::string name;
  std::uint64_t bytes = 0, total = 0;  // total 0: not known
  bool ended = false;
  std::string label = {};                 // what stands for the name, and changes: "layer 2 of 5"
  std::chrono::milliseconds patience{0};  // what is over before that needs no telling
};

struct Access {
  std::string username, password;          // instead of what configuration files and helpers know
  std::string token;                       // a bearer token for the registry itself
  std::string token_host;                  // which that is; empty: the one that the target names
  bool offline = false;                    // no registry is asked: an image that is there only is an error
  bool insecure = false;                   // certificates are not verified, and http will do
  unsigned tries = 5;                      // in a row without progress
  std::chrono::milliseconds backoff{500};  // before the second try, doubled for each further one
  unsigned patience = 30;                  // seconds, see HttpAsk
  // One line for the user: which of several places was taken, what the registry says of its limits.
  std::function<void(std::string_view)> tell = [](std::string_view) {};
  // Of each blob that is fetched whole and of layers that are read, as their bytes come; called by several threads.
  std::function<void(const Coming&)> watch = [](const Coming&) {};
};

}  // namespace peekr
