"""An invitation may offer a part of a role: who manages accounts by delegation makes nobody who manages them."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_systems_that_sign_in")]

    operations = [migrations.AddField("invitation", "words", ArrayField(models.TextField(), null=True))]
