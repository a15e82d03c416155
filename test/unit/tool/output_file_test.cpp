#include "command.hpp"
#include "output_file.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vidi_tool {
namespace {

namespace fs = std::filesystem;

std::string content(fs::path const& file)
{
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class output_file_test : public testing::Test
{
protected:
    output_file_test() { fs::create_directories(directory_); }
    ~output_file_test() override { fs::remove_all(directory_); }

    fs::path const directory_ =
        fs::path{testing::TempDir()} /
        (std::string{"vidi_"} + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::string const name_ = (directory_ / "page.html").string();
};

TEST_F(output_file_test, holds_what_was_written)
{
    std::string const much(3'000'000, 'x');
    output_file file{name_, false, {}};
    file.write("begin");
    file.write(much);
    file.close();
    EXPECT_EQ(content(name_), "begin" + much);
}

TEST_F(output_file_test, is_removed_if_it_is_not_closed)
{
    {
        output_file file{name_, false, {}};
        file.write("half");
    }
    EXPECT_FALSE(fs::exists(name_));
}

TEST_F(output_file_test, is_overwritten_only_on_request)
{
    std::ofstream{name_} << "something longer";
    EXPECT_THROW((output_file{name_, false, {}}), usage_error);
    EXPECT_EQ(content(name_), "something longer");
    output_file file{name_, true, {}};
    file.write("new");
    file.close();
    EXPECT_EQ(content(name_), "new");
}

TEST_F(output_file_test, is_never_an_input)
{
    std::ofstream{name_} << "input";
    auto const link = directory_ / "link.html";
    fs::create_hard_link(name_, link);
    std::array<fs::path, 2> const inputs{directory_ / "not there", name_};
    EXPECT_THROW((output_file{name_, true, inputs}), usage_error);
    EXPECT_THROW((output_file{link.string(), true, inputs}), usage_error);
    EXPECT_EQ(content(name_), "input");
}

TEST_F(output_file_test, can_be_no_file_at_all)
{
    output_file file{"/dev/null", false, {}};
    file.write("anything");
    file.close();
    EXPECT_TRUE(fs::exists("/dev/null"));
    EXPECT_THROW((output_file{(directory_ / "no/such").string(), true, {}}), usage_error);
}

} // namespace
} // namespace vidi_tool
