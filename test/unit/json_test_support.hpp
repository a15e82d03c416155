#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace vidi_test {

// Equal as JSON: the order of members does not count.
inline ::testing::AssertionResult same_json(std::string_view actual, std::string_view expected)
{
    boost::json::error_code ec;
    auto const value = boost::json::parse(actual, ec);
    if (ec)
        return ::testing::AssertionFailure() << ec.message() << " in " << actual;
    if (value == boost::json::parse(expected))
        return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "\n  actual: " << actual << "\nexpected: " << expected;
}

// A whole number is the same with and without a fraction.
inline boost::json::value without_kinds(boost::json::value value)
{
    if (value.is_int64())
        return static_cast<double>(value.get_int64());
    if (auto* array = value.if_array())
        for (auto& element : *array)
            element = without_kinds(std::move(element));
    if (auto* object = value.if_object())
        for (auto& member : *object)
            member.value() = without_kinds(std::move(member.value()));
    return value;
}

inline std::string read_test_data(std::string_view name)
{
    auto const path = std::filesystem::path{__FILE__}.parent_path().parent_path() / "data" / name;
    std::ifstream file{path, std::ios::binary};
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace vidi_test
