// SPDX-License-Identifier: Apache-2.0
#include "source/engine.h"

#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "base/timer.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostComplaint = 65536;  // bytes of what an engine says when it will not

// The body of an answer.
class Body : public ByteSource {
 public:
  explicit Body(std::unique_ptr<HttpStream> stream) : stream_(std::move(stream)) {}

 private:
  Result<std::string_view> fill() override { return stream_->next(); }

  std::unique_ptr<HttpStream> stream_;
};

// All of a body, or of a longer one its first bytes.
Result<std::string> start_of(HttpStream& stream, std::uint64_t most) {
  std::string all;
  while (all.size() <= most) {
    const std::string_view part = TRY(stream.next());
    if (part.empty()) break;
    all += part;
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<HttpStream>> Engine::get(const std::string& path, unsigned patience) {
  const Timer timer("source/engine");
  // libcurl says of all that hinders it that it could not connect.
  if (::access(socket_.c_str(), R_OK | W_OK) != 0) {
    if (errno != EACCES) return fail_errno(printable(socket_));
    return fail(Errc::io, printable(socket_) +
                              ": permission denied: its engine answers root and the members of its group");
  }
  std::unique_ptr<HttpStream> stream =
      TRY(http_.open({.url = "http://localhost" + path, .socket = socket_, .patience = patience}));
  const unsigned status = stream->head().status;
  if (status == 200) return stream;
  const Result<std::string> body = start_of(*stream, kMostComplaint);
  const std::string why = body ? parse_engine_error(*body) : "";
  return fail(status == 404 ? Errc::not_found : Errc::io,
              printable(socket_) + ": " + printable(path) + ": the engine answers " + std::to_string(status) +
                  (why.empty() ? "" : " (" + printable(why) + ")"));
}

Result<std::string> Engine::document(const std::string& path, std::uint64_t most, unsigned patience) {
  const std::unique_ptr<HttpStream> stream = TRY(get(path, patience));
  std::string all = TRY(start_of(*stream, most));
  if (all.size() <= most) return all;
  return fail(Errc::limit, printable(socket_) + ": " + printable(path) + ": more than " +
                               std::to_string(most) + " bytes (limit manifest_bytes)");
}

Result<std::unique_ptr<ByteSource>> Engine::stream(const std::string& path) {
  return std::make_unique<Body>(TRY(get(path, kLongPatience)));
}

}  // namespace peekr
