// SPDX-License-Identifier: Apache-2.0
#include "cli/updating.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/date.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "report/columns.h"
#include "service/supply.h"

namespace peekr {
namespace {

std::string kept_text(const Outcome& one, std::string_view now) {
  if (one.fetched.empty()) return "there is no data of it";
  std::string age;
  if (const auto seconds = seconds_between(one.fetched, now)) age = " (" + age_text(*seconds) + " old)";
  if (!one.ahead.empty()) age = " (a time to come)";
  return "the data of " + one_line(one.fetched) + age + " stays";
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  return bytes < 1'000'000 ? fmt::format("{} bytes", grouped_digits(bytes))
                           : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string line_of(const Outcome& one, std::string_view now) {
  std::string text;
  switch (one.how) {
    case Outcome::How::unchanged: text = "nothing new"; break;
    case Outcome::How::absent: text = "not in the mirror"; break;
    case Outcome::How::failed: text = "failed: " + one_line(one.why) + "; " + kept_text(one, now); break;
    case Outcome::How::held:
      text =
          "held back: " + one_line(one.why) + "; " + kept_text(one, now) + " (--accept-shrink takes the new)";
      break;
    case Outcome::How::updated:
      text = fmt::format("{} new, {} changed, {} gone, {}", grouped_digits(one.added),
                         grouped_digits(one.changed), grouped_digits(one.vanished), size_text(one.bytes));
      if (one.notes > 0) text += fmt::format("; {} not read whole", grouped_digits(one.notes));
      break;
  }
  if (!one.ahead.empty() && one.how == Outcome::How::updated)
    text +=
        "; loaded whole, for the last update is said to be of " + one_line(one.ahead) + ", which is to come";
  return one_line(one.source) + ": " + text;
}

UpdateRequest update_request(const Options& options) {
  UpdateRequest request{.directory = database_directory(options), .now = now()};
  request.wish.today = request.now;
  request.fetch.mirror = options.mirror;
  request.fetch.ca_file = options.ca_file;
  unsigned backoff = 500;
  set_from_environment("PEEKR_FETCH_BACKOFF_MS", backoff);
  request.fetch.backoff = std::chrono::milliseconds(backoff);
  set_from_environment("PEEKR_FETCH_TRIES", request.fetch.tries);
  set_from_environment("PEEKR_FETCH_PATIENCE", request.fetch.patience);
  return request;
}

Turn turn_of(const Options& options) {
  unsigned seconds = 600;
  set_from_environment("PEEKR_DB_WAIT", seconds);
  return {.most = std::chrono::seconds(seconds),
          .tell = [&options](const std::string& line) { tell(options, one_line(line)); }};
}

}  // namespace peekr
