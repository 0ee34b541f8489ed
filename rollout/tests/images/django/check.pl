use strict; use warnings; use JSON::PP;
open(my $file, '<', $ARGV[0]) or die $!; local $/;
my $asked = decode_json(<$file>); my @problems;
for my $row (@{$asked->{statements}}) {
    open(my $sql, '>', '/tmp/statement.sql') or die $!; print $sql "prepare checked as $row->{text};"; close $sql;
    my $said = `psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname "\$URL" --file /tmp/statement.sql 2>&1`;
    next unless $?;
    $said =~ /ERROR:\s+(.*)/;
    push @problems, { kind => 'missing_column', name => '', message => $1, file => $row->{file}, statement => $row->{name}, line => $row->{line}, of => $row->{of} };
}
print encode_json({ pending => [], statements_checked => scalar @{$asked->{statements}}, problems => \@problems, models => [] });
exit(@problems ? 1 : 0);
