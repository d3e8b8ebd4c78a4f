from django.db import migrations

SAY = """
SELECT set_config('ymach.actor', 'command:migrate', false), set_config('ymach.reason', 'addresses in small letters', false),
  set_config('ymach.at', now()::text, false)
"""


class Migration(migrations.Migration):
    """A migration of allauth.account writes e-mail addresses of accounts in small letters. The history wants to know
    who does so, even where there is none; the next migration of this app takes it back."""

    dependencies = [("signin", "0001_allowances"), ("accounts", "0001_users_and_memberships")]
    run_before = [("account", "0006_emailaddress_lower")]

    operations = [migrations.RunSQL(SAY, migrations.RunSQL.noop)]
