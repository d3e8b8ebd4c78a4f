"""The decision by which a licence was granted."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("practitioners", "0002_profile_and_its_rules")]

    operations = [
        migrations.AddField("licence", "decision", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("licence", "decided_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "licence",
            models.CheckConstraint(
                name="licence_decision_whole",
                condition=Q(decision="", decided_on__isnull=True) | (~Q(decision="") & Q(decided_on__isnull=False)),
            ),
        ),
        migrations.AddConstraint(
            "licence",
            models.CheckConstraint(
                name="licence_decided_before_issue",
                condition=Q(decided_on__isnull=True) | Q(decided_on__lte=F("issued_on")),
            ),
        ),
    ]
