// SPDX-License-Identifier: Apache-2.0
// peekr db update: one line a source as it is done, on standard error; a summary at the end.
#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "report/columns.h"
#include "service/update.h"

namespace peekr {
namespace {

// For tests, and for lines that are slower than most: docs/cli.md.
void set_from_environment(const char* name, unsigned& value) {
  const char* text = std::getenv(name);
  const std::optional<std::uint64_t> number = text == nullptr ? std::nullopt : to_number(text);
  if (number && *number < 1'000'000) value = static_cast<unsigned>(*number);
}

std::string size_text(std::uint64_t bytes) {
  return bytes < 1'000'000 ? fmt::format("{} bytes", grouped_digits(bytes))
                           : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string kept_text(const Outcome& one) {
  return one.fetched.empty() ? "there is no data of it" : "the data of " + one_line(one.fetched) + " stays";
}

std::string line_of(const Outcome& one) {
  std::string text;
  switch (one.how) {
    case Outcome::How::unchanged: text = "nothing new"; break;
    case Outcome::How::absent: text = "not in the mirror"; break;
    case Outcome::How::failed: text = "failed: " + one_line(one.why) + "; " + kept_text(one); break;
    case Outcome::How::held:
      text = "held back: " + one_line(one.why) + "; " + kept_text(one) + " (--accept-shrink takes the new)";
      break;
    case Outcome::How::updated:
      text = fmt::format("{} new, {} changed, {} gone, {}", grouped_digits(one.added),
                         grouped_digits(one.changed), grouped_digits(one.vanished), size_text(one.bytes));
      if (one.notes > 0) text += fmt::format("; {} not read whole", grouped_digits(one.notes));
      break;
  }
  return one_line(one.source) + ": " + text;
}

std::string summary(const std::vector<Outcome>& all) {
  std::size_t updated = 0, unchanged = 0, failed = 0, held = 0;
  std::uint64_t bytes = 0;
  for (const Outcome& one : all) {
    updated += one.how == Outcome::How::updated;
    unchanged += one.how == Outcome::How::unchanged;
    failed += one.how == Outcome::How::failed;
    held += one.how == Outcome::How::held;
    bytes += one.bytes;
  }
  std::string out = fmt::format("{} updated, {} with nothing new, {}", counted(updated, "source"), unchanged,
                                size_text(bytes));
  if (held > 0) out += fmt::format(", {} held back", held);
  if (failed > 0) out += fmt::format(", {} failed", failed);
  return out + "\n";
}

}  // namespace

Result<int> db_update_command(const Options& options) {
  UpdateRequest request{.directory = database_directory(options), .now = now()};
  request.wish = {.feeds = options.feeds, .today = request.now};
  request.fetch.mirror = options.mirror;
  request.fetch.ca_file = options.ca_file;
  request.accept_shrink = options.accept_shrink;
  request.tell = [&](const Outcome& one) {
    if (one.how != Outcome::How::absent) tell(options, line_of(one));
  };
  unsigned backoff = 500;
  set_from_environment("PEEKR_FETCH_BACKOFF_MS", backoff);
  request.fetch.backoff = std::chrono::milliseconds(backoff);
  set_from_environment("PEEKR_FETCH_TRIES", request.fetch.tries);
  set_from_environment("PEEKR_FETCH_PATIENCE", request.fetch.patience);
  if (!options.only_for.empty()) {
    Request image = options.request;
    image.image = options.only_for;
    request.wish.ecosystems = wanted_ecosystems(TRY(take_inventory(image)).inventory);
  }
  const std::vector<Outcome> all = TRY(update_db(request));
  TRY(write_output(options, summary(all)));
  tell_timing(options);
  bool any = false, whole = true;
  for (const Outcome& one : all) {
    any |= one.how != Outcome::How::absent;
    whole &= one.how != Outcome::How::failed && one.how != Outcome::How::held;
  }
  if (!any) return fail(Errc::not_found, "db update: nothing of what is asked for is in " + options.mirror);
  return whole ? 0 : 1;
}

}  // namespace peekr
