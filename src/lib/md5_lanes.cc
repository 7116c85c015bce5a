// SPDX-License-Identifier: Apache-2.0
// A text is a row of blocks of 64 bytes; behind it come 0x80, zeros and its length in bits, up to the end of a block. Each block
// changes four words in 64 steps. A lane takes one text after the other, the longest ones first.
#include "lib/md5_lanes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kBlock = 64, kWords = kBlock / 4, kLanes = 8;
using Wide =
    std::uint32_t __attribute__((vector_size(4 * kLanes)));  // what a processor lacks is made of smaller ones
using State = std::array<std::uint32_t, 4>;
constexpr State kStart = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};

// 2^32 times the sines of 1 to 64, without their signs.
using Sines = std::array<std::uint32_t, 64>;
constexpr Sines kSines = {
    0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
    0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
    0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
    0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
    0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
    0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
    0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
    0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1, 0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391};
constexpr std::array<std::array<unsigned, 4>, 4> kTurns = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

using Lanes = std::array<Wide, 4>;
using Block = std::array<Wide, kWords>;

// One step in all lanes. What it needs of the step before (b) it adds last: the compiler would put a constant there, so the sine is
// none to it.
template <std::size_t kStep>
[[gnu::always_inline]] inline void step(Lanes& state, const Block& block, std::uint32_t sine) {
  constexpr std::size_t kRound = kStep / 16;
  constexpr std::array<std::size_t, 4> kPlaces = {kStep, 5 * kStep + 1, 3 * kStep + 5, 7 * kStep};
  constexpr unsigned kTurn = kTurns[kRound][kStep % 4];
  Wide& a = state[(64 - kStep) % 4];
  const Wide b = state[(65 - kStep) % 4], c = state[(66 - kStep) % 4], d = state[(67 - kStep) % 4];
  Wide sum = a + (block[kPlaces[kRound] % kWords] + sine);
  if constexpr (kRound == 0) sum += d ^ (b & (c ^ d));
  if constexpr (kRound == 1) sum = sum + (~d & c) + (d & b);  // no bit is in both
  if constexpr (kRound == 2) sum += b ^ (c ^ d);
  if constexpr (kRound == 3) sum += c ^ (b | ~d);
  a = b + (sum << kTurn | sum >> (32 - kTurn));
}

[[gnu::always_inline]] inline Lanes after(const Lanes& before, const Block& block, const Sines& sines) {
  Lanes state = before;
  [&]<std::size_t... kSteps>(std::index_sequence<kSteps...>) __attribute__((always_inline)) {
    (step<kSteps>(state, block, sines[kSteps]), ...);
  }(std::make_index_sequence<64>());
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += before[i];
  return state;
}

using Texts = std::array<std::string_view, kLanes>;
using Square = std::array<Wide, kLanes>;

// Rows become columns: with each of three shuffles the bits of all places, row before column, turn by one.
[[gnu::always_inline]] inline Square turned(Square from) {
  constexpr std::size_t kHalf = kLanes / 2;
  for (unsigned i = 0; i < 3; ++i) {
    Square to;
    for (std::size_t row = 0; row < kHalf; ++row) {
      to[2 * row] = __builtin_shufflevector(from[row], from[row + kHalf], 0, 8, 1, 9, 2, 10, 3, 11);
      to[2 * row + 1] = __builtin_shufflevector(from[row], from[row + kHalf], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    from = to;
  }
  return from;
}

// Half a block of each text: words of one place are one vector.
[[gnu::always_inline]] inline Square words_at(const Texts& texts, std::size_t at) {
  Square rows;
  for (std::size_t i = 0; i < kLanes; ++i)
    std::memcpy(&rows[i], texts[i].substr(at, sizeof(Wide)).data(), sizeof(Wide));
  Square words = turned(rows);
  if constexpr (std::endian::native == std::endian::big) {
    for (Wide& word : words) {
      for (std::size_t i = 0; i < kLanes; ++i) word[i] = std::byteswap(word[i]);
    }
  }
  return words;
}

[[gnu::always_inline]] inline void take_blocks(Lanes& state, const Texts& texts, std::size_t blocks,
                                               const Sines& sines) {
  for (std::size_t at = 0; at < blocks * kBlock; at += kBlock) {
    const Square first = words_at(texts, at), second = words_at(texts, at + kBlock / 2);
    Block block;
    for (std::size_t i = 0; i < kWords; ++i) block[i] = i < kLanes ? first[i] : second[i - kLanes];
    state = after(state, block, sines);
  }
}

using Take = void (*)(Lanes&, const Texts&, std::size_t blocks, const Sines&);

#ifdef __x86_64__
[[gnu::target("avx2")]] void take_by_avx2(Lanes& state, const Texts& texts, std::size_t blocks,
                                          const Sines& sines) {
  take_blocks(state, texts, blocks, sines);
}
[[gnu::target("avx2,avx512f,avx512vl")]] void take_by_avx512(Lanes& state, const Texts& texts,
                                                             std::size_t blocks, const Sines& sines) {
  take_blocks(state, texts, blocks, sines);
}
#endif
void take_plainly(Lanes& state, const Texts& texts, std::size_t blocks, const Sines& sines) {
  take_blocks(state, texts, blocks, sines);
}

Take take_by(Md5By by) {
#ifdef __x86_64__
  if (by == Md5By::best && __builtin_cpu_supports("avx512vl") != 0) return take_by_avx512;
  if (by != Md5By::plain && __builtin_cpu_supports("avx2") != 0) return take_by_avx2;
#endif
  return take_plainly;
}

// The blocks of one text, or its end.
struct Job {
  State* state;
  std::string_view blocks;
};

void take_some(std::array<Job, kLanes>& lanes, std::size_t used, std::size_t blocks, Take by) {
  Lanes state{};
  Texts texts;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Job& job = lanes[i < used ? i : 0];  // what is in no lane is worked out for nothing
    texts[i] = job.blocks;
    for (std::size_t word = 0; word < state.size(); ++word) state[word][i] = (*job.state)[word];
  }
  by(state, texts, blocks, kSines);
  for (std::size_t i = 0; i < used; ++i) {
    for (std::size_t word = 0; word < state.size(); ++word) (*lanes[i].state)[word] = state[word][i];
    lanes[i].blocks.remove_prefix(blocks * kBlock);
  }
}

void take_all(std::vector<Job> jobs, Take by) {
  std::ranges::sort(jobs, {}, [](const Job& one) { return one.blocks.size(); });
  std::array<Job, kLanes> lanes{};
  for (std::size_t used = 0;;) {
    while (used < kLanes && !jobs.empty()) {
      lanes[used++] = jobs.back();
      jobs.pop_back();
    }
    if (used == 0) return;
    std::size_t shortest = lanes[0].blocks.size();
    for (std::size_t i = 1; i < used; ++i) shortest = std::min(shortest, lanes[i].blocks.size());
    take_some(lanes, used, shortest / kBlock, by);
    for (std::size_t i = used; i-- > 0;) {
      if (lanes[i].blocks.empty()) lanes[i] = lanes[--used];
    }
  }
}

// Of a text of that size what is behind its whole blocks.
std::string end_of(std::string_view text) {
  std::string end(text.substr(text.size() / kBlock * kBlock));
  end += '\x80';
  end.resize((end.size() + 8 + kBlock - 1) / kBlock * kBlock - 8);
  for (unsigned i = 0; i < 8; ++i) end += static_cast<char>(std::uint64_t{text.size()} * 8 >> 8 * i & 0xFF);
  return end;
}

std::string hex_of(const State& state) {
  std::string raw;
  for (const std::uint32_t word : state) {
    for (unsigned i = 0; i < 4; ++i) raw += static_cast<char>(word >> 8 * i & 0xFF);
  }
  return hex(raw);
}

}  // namespace

std::vector<std::string> md5_of_each(std::span<const std::string_view> texts, Md5By by) {
  std::vector<State> states(texts.size(), kStart);
  std::vector<std::string> ends;
  std::vector<Job> bodies, last;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ends.push_back(end_of(texts[i]));
    bodies.push_back({&states[i], texts[i].substr(0, texts[i].size() / kBlock * kBlock)});
  }
  for (std::size_t i = 0; i < texts.size(); ++i) last.push_back({&states[i], ends[i]});
  std::erase_if(bodies, [](const Job& one) { return one.blocks.empty(); });
  take_all(std::move(bodies), take_by(by));
  take_all(std::move(last), take_by(by));
  std::vector<std::string> all;
  for (const State& state : states) all.push_back(hex_of(state));
  return all;
}

}  // namespace peekr
