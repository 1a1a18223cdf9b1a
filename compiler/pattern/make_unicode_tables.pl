#!/usr/bin/perl
# Writes unicode_tables.cc from the Unicode Character Database that perl carries (Unicode::UCD).
# Run by hand when the version of Unicode changes: make_unicode_tables.pl > unicode_tables.cc
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap prop_value_aliases casefold);

# Rows of at most 110 columns, as clang-format would not write them.
sub print_rows {
  my @items = @_;
  my $line = '   ';
  for my $item (@items) {
    if (length($line) + length($item) + 2 > 110) {
      print "$line\n";
      $line = '   ';
    }
    $line .= " $item,";
  }
  print "$line\n";
}

# Runs of equal value: where each begins, and the place of its value in `names`.
sub runs_of {
  my ($property, $unnamed, $short) = @_;
  my ($begins, $values, undef, undef) = prop_invmap($property);
  my (@runs, %index, @names);
  for my $i (0 .. $#$begins) {
    last if $begins->[$i] > 0x10FFFF;
    my $name = $values->[$i];
    $name = (prop_value_aliases($property, $name))[0] if $short;
    $name = '' if $name eq $unnamed;
    if (!exists $index{$name}) {
      $index{$name} = scalar @names;
      push @names, $name;
    }
    next if @runs && $runs[-1][1] == $index{$name};
    push @runs, [$begins->[$i], $index{$name}];
  }
  return (\@runs, \@names);
}

sub print_property {
  my ($table, $property, $unnamed, $short) = @_;
  my ($runs, $names) = runs_of($property, $unnamed, $short);
  print "constexpr std::string_view k${table}Names[] = {\n";
  print_rows(map { "\"$_\"" } @$names);
  print "};\n\nconstexpr ValueRun k${table}Runs[] = {\n";
  print_rows(map { sprintf '{0x%X, %d}', @$_ } @$runs);
  print "};\n\n";
}

# The next member of each code point's orbit under simple folding (statuses C and S).
sub next_in_orbit {
  my %members;
  for my $code (0 .. 0x1FFFF) {
    my $fold = casefold($code) or next;
    next if $fold->{simple} eq '';
    push @{$members{hex $fold->{simple}}}, $code;
  }
  my %next;
  for my $fold (keys %members) {
    my @orbit = sort { $a <=> $b } $fold, grep { $_ != $fold } @{$members{$fold}};
    $next{$orbit[$_]} = $orbit[($_ + 1) % @orbit] for 0 .. $#orbit;
  }
  return %next;
}

sub print_orbits {
  my %next = next_in_orbit();
  my @codes = sort { $a <=> $b } keys %next;
  my @rows;
  my $pairs = sub { my $c = shift; ($next{$c} // 0) == $c + 1 && ($next{$c + 1} // 0) == $c };
  while (@codes) {
    my $first = $codes[0];
    my $last = $first;
    if ($pairs->($first)) {
      $last += 2 while $pairs->($last + 2);
      push @rows, sprintf '{0x%X, 0x%X, kPairs}', $first, ++$last;
    } else {
      my $distance = $next{$first} - $first;
      $last++ while exists $next{$last + 1} && $next{$last + 1} - $last - 1 == $distance && !$pairs->($last + 1);
      push @rows, sprintf '{0x%X, 0x%X, %d}', $first, $last, $distance;
    }
    @codes = grep { $_ > $last } @codes;
  }
  print "constexpr CaseRun kCaseRuns[] = {\n";
  print_rows(@rows);
  print "};\n\n";
}

my $version = Unicode::UCD::UnicodeVersion();
print <<"END";
// Unicode $version, written by make_unicode_tables.pl; data only. Categories and scripts as runs
// that cover all code points, simple case folding as orbits.
#include "compiler/pattern/unicode_tables.h"

namespace hpol::pattern {
namespace {

// clang-format off

END
print_property('Category', 'General_Category', 'Cn', 1);
print_property('Script', 'Script', 'Unknown', 0);
print_orbits();
print <<'END';
// clang-format on

}  // namespace

const std::span<const std::string_view> kCategories = kCategoryNames;
const std::span<const ValueRun> kCategoryOf = kCategoryRuns;
const std::span<const std::string_view> kScripts = kScriptNames;
const std::span<const ValueRun> kScriptOf = kScriptRuns;
const std::span<const CaseRun> kCaseOrbits = kCaseRuns;

}  // namespace hpol::pattern
END
