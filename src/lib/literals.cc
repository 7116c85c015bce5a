// SPDX-License-Identifier: Apache-2.0
#include "lib/literals.h"

#include <hs/hs.h>

#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/memory.h"

namespace peekr {

// Each thread that scans needs scratch memory of its own; what one scan has used the next one takes.
struct Literals::State {
  hs_database_t* automaton = nullptr;
  std::vector<std::size_t> sizes;
  hs_scratch_t* first = nullptr;  // what others are copied from
  Guarded<std::vector<hs_scratch_t*>> free;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    free.with([](std::vector<hs_scratch_t*>& all) {
      for (hs_scratch_t* one : all) hs_free_scratch(one);
    });
    hs_free_scratch(first);
    hs_free_database(automaton);
  }

  hs_scratch_t* take() {
    hs_scratch_t* one = free.with([](std::vector<hs_scratch_t*>& all) -> hs_scratch_t* {
      if (all.empty()) return nullptr;
      hs_scratch_t* last = all.back();
      all.pop_back();
      return last;
    });
    if (one != nullptr) return one;
    const hs_error_t error = hs_clone_scratch(first, &one);
    if (error == HS_NOMEM) out_of_memory();
    assert(error == HS_SUCCESS);
    return one;
  }

  void give_back(hs_scratch_t* one) {
    free.with([&](std::vector<hs_scratch_t*>& all) { all.push_back(one); });
  }
};

namespace {

struct Scan {
  const std::vector<std::size_t>& sizes;
  const std::function<void(std::size_t, std::size_t)>& use;
};

// As an expression: the interface for plain literals takes none that begins with a NUL byte.
std::string escaped(std::string_view literal) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15u]};
  }
  return out;
}

int on_match(unsigned literal, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,
             void* context) {
  const Scan& scan = *static_cast<const Scan*>(context);
  scan.use(literal, static_cast<std::size_t>(to) - scan.sizes[literal]);
  return 0;
}

}  // namespace

Literals::Literals(std::unique_ptr<State> state) : state_(std::move(state)) {}
Literals::Literals(Literals&&) noexcept = default;
Literals& Literals::operator=(Literals&&) noexcept = default;
Literals::~Literals() = default;

Result<Literals> Literals::make(std::span<const std::string_view> literals) {
  if (hs_valid_platform() != HS_SUCCESS) {
    return fail(Errc::unsupported, "search for literals: this processor has no SSSE3");
  }
  auto state = std::make_unique<State>();
  std::vector<std::string> texts;
  for (const std::string_view one : literals) {
    assert(!one.empty());
    texts.push_back(escaped(one));
    state->sizes.push_back(one.size());
  }
  std::vector<const char*> expressions;
  std::vector<unsigned> ids;
  for (const std::string& one : texts) {
    ids.push_back(static_cast<unsigned>(ids.size()));
    expressions.push_back(one.c_str());
  }
  const std::vector<unsigned> flags(texts.size(), HS_FLAG_DOTALL);
  hs_compile_error_t* error = nullptr;
  hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                   HS_MODE_BLOCK, nullptr, &state->automaton, &error);
  if (error != nullptr) {
    std::string message = std::string("search for literals: ") + error->message;
    hs_free_compile_error(error);
    return fail(Errc::internal, std::move(message));
  }
  const hs_error_t scratch = hs_alloc_scratch(state->automaton, &state->first);
  if (scratch == HS_NOMEM) out_of_memory();
  assert(scratch == HS_SUCCESS);
  return Literals(std::move(state));
}

void Literals::find_all(std::string_view bytes,
                        const std::function<void(std::size_t, std::size_t)>& use) const {
  assert(bytes.size() <= UINT32_MAX);
  if (bytes.empty()) return;  // may be no address at all
  hs_scratch_t* scratch = state_->take();
  const Scan scan{state_->sizes, use};
  const hs_error_t error = hs_scan(state_->automaton, bytes.data(), static_cast<unsigned>(bytes.size()), 0,
                                   scratch, on_match, const_cast<Scan*>(&scan));
  assert(error == HS_SUCCESS);
  state_->give_back(scratch);
}

}  // namespace peekr
